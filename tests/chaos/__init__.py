"""Tests of the campaign and of what it stands on."""
