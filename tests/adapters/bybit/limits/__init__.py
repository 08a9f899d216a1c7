"""Tests of ``adapters/bybit/limits/``."""
