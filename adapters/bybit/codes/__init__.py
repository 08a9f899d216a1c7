"""Bybit's error codes, such as 110001 and 110072, and the outcome class of each."""
