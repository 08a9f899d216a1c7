"""Tests of ``domain/recognition/``."""
