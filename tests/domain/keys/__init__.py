"""What follows from an API key."""
