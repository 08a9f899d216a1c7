"""Tests of the oracle: history files, records, and what the comparison sees."""
