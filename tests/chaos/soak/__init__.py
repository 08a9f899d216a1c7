"""Tests of ``chaos/soak/``."""
