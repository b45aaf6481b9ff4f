"""How a turn runs. No Qt."""
