"""``trueup explain`` and ``trueup diff``."""
