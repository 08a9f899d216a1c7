"""Closes: taken and announced by Validating, sent by Placing, looked up by Validating."""
