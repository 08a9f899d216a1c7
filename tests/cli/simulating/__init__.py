"""``trueup simulator``: what it serves, prints and checks."""
