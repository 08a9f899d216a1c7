"""The public names, pinned."""
