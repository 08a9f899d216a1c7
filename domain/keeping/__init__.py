"""What of the past is kept, and for how long."""
