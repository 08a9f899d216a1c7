"""What of the past is kept."""
