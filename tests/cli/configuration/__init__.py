"""Tests of ``cli/configuration/``."""
