"""The public stream: its dialogue, and its feeds against what the reads show."""
