"""Tests of ``engine/outbox/``."""
