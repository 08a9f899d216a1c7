"""Bugs in how trueup protects positions: by their own stop, and by an order."""
