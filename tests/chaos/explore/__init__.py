"""Tests of the search: it finds what it should, and what it reached is pinned."""
