"""Tests of ``testing/``: what bot authors test with."""
