"""Tests of ``engine/live/``."""
