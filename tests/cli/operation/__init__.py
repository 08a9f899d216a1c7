"""Commands for a running engine."""
