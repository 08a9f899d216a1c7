"""Replays: recorded passes, run by the present code without network and database."""
