"""Jobs: what is due, and the one loop that does it."""
