"""Whose an API key is, what it may do, and what follows for the account that uses it."""
