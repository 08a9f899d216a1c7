"""Closes: what a command comes to, and what the next request asks for; pure."""
