"""Tests of ``domain/reporting/``."""
