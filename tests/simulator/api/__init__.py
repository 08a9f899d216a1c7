"""Tests of ``simulator/api/``."""
