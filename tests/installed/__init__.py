"""The packages on bare Debians, as a person has them: installed, started, asked, upgraded and removed.

`python -m tests.installed PACKAGE.deb OLDER.deb ARCHIVE.tar.xz` as root; `dev.py package --verify` makes them first. A
machine is a Debian of debootstrap without a Python, in a folder of .cache; what no program can see is in the pictures.
"""
