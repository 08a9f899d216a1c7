"""Tests of ``simulator/core/``."""
