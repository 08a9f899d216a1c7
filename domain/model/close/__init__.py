"""A close of a position that somebody commands: what is on record of it, and its events."""
