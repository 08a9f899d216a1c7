"""Tests of the floor that answers while an engine runs."""
