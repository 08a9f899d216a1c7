"""The house itself: its words, and what its rooms may say."""
