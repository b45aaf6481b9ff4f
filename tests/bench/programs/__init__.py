"""What the bench starts: each one runs in a fresh process and prints what it measured as one JSON line."""
