"""Tests of ``cli/demo/``."""
