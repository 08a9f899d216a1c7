"""Tests of the exchange simulator: the core by its own calls, the HTTP face by pybit."""
