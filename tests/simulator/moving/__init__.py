"""A market that moves by itself."""
