"""Benchmarks: trueup and a baseline take turns in one run; ``python -m bench``."""
