"""A market that moves by itself: a random walk, or prices that were recorded."""
