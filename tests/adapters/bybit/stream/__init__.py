"""Tests of ``adapters/bybit/stream/``."""
