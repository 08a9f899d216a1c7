"""Tests of ``chaos/meter/``."""
