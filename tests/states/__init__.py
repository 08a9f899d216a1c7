"""Tests of ``states/``."""
