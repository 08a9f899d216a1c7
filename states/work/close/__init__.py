"""The requests of a close."""
