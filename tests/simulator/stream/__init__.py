"""Tests of ``simulator/stream/``."""
