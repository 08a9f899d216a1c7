"""The baseline: the sequence of the bot that trueup replaces, played before the same judge."""
