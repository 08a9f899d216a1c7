"""Bybit's fields, endpoints, spellings and clock: JSON in, domain values out."""
