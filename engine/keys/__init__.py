"""Whose key is it: every account's key is asked about, and no write leaves before it may."""
