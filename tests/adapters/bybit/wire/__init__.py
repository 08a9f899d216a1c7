"""Tests of ``adapters/bybit/wire/``."""
