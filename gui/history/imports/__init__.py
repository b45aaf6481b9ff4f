"""Conversations out of the files of other programs: each kind becomes Records, or is refused with the place."""
