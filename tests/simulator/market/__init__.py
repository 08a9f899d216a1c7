"""Tests of ``simulator/market/``."""
