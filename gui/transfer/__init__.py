"""Conversations out of the history and into it: exports in any form, and the taking in of what was read."""
