"""Tests of ``adapters/bybit/codes/``."""
