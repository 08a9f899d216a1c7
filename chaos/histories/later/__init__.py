"""Kinds of move that came later: each is drawn by random numbers of its own, after the others."""
