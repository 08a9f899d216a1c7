"""Tests of ``engine/run/``."""
