"""Measured figures: trueup beside a baseline, taken in turn in one run; ``python -m bench``."""
