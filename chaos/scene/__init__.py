"""The scene of a history: what is there before anything happens, and how it is drawn."""
