"""Tests of ``simulator/server/``."""
