"""Where conversations are kept. No Qt; the only user of sqlite3."""
