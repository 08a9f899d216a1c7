"""Bybit's fields, endpoints and spellings: domain values from its JSON, its JSON from commands."""
