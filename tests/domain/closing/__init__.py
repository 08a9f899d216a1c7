"""Closes: what a command comes to, and how it goes on."""
