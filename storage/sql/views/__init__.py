"""The views that people query: their statements (`definitions`), and their rows as classes."""
