"""Tests of ``simulator/base/``."""
