"""What is read of runs and levels, as values."""
