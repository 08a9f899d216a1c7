"""The original bot's files: its pickle and JSON dumps, read without running anything in them."""
