"""Real clients of Bybit, unpatched, on `trueup simulator`: each in an environment of its own."""
