"""Tests of the simulator: the core by direct calls, the server with the real pybit."""
