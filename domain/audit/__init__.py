"""A run as people check it: its transcript, and how two of them differ."""
