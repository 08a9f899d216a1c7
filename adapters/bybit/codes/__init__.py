"""Bybit's error codes, and the outcome class of each."""
