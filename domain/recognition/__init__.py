"""Whose order is it: id families, classification, adoption, conflicting roles."""
