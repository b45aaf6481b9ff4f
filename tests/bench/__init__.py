"""How fast it is and how much it takes: `python -m tests.bench`. Each module but a few declares its rows."""
