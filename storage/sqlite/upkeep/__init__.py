"""The upkeep of a database: whether its rows are whole, what may leave it, and how it grows."""
