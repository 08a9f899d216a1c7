"""Bybit's error codes, and what each means to trueup."""
