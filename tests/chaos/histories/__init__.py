"""Tests of ``chaos/histories/``."""
