"""The packages on bare Debians, as a person has them: installed, started, asked, upgraded and removed.

`python -m tests.installed PACKAGE.deb OLDER.deb ARCHIVE.tar.xz` as root; `dev.py package --verify` makes both first. Each machine is a
Debian of debootstrap without a Python, in a folder of .cache; what cannot be seen by a program is in the pictures.
"""
