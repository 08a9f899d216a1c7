"""Tests of ``domain/planning/``."""
