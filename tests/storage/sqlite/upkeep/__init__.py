"""The upkeep of a database."""
