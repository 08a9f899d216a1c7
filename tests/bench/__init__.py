"""The bench runs, and its figures are what they are said to be."""
