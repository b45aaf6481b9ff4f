"""Preferences as data, connections, and secrets. No Qt."""
