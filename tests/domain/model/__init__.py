"""Tests of ``domain/model/``."""
