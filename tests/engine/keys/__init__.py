"""Whose key is it: what start-up asks, and which writes then leave."""
