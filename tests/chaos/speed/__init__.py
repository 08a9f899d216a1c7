"""Tests of ``chaos/speed/``."""
