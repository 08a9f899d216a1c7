"""``trueup explain`` and ``trueup diff``: runs and levels, for people to check."""
