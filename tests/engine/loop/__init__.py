"""Tests of ``engine/loop/``."""
