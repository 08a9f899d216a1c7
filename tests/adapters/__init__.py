"""Tests of ``adapters/``."""
