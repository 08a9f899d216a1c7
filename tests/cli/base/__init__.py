"""Tests of ``cli/base/``."""
