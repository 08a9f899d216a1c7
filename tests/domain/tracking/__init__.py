"""Tests of ``domain/tracking/``."""
