"""The world of a history: the engine under test and everything around it."""
