"""Tests of ``simulator/matching/``."""
