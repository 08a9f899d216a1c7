"""Tests of ``adapters/bybit/rest/``."""
