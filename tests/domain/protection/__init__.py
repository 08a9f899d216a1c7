"""What rules of stops and ladders promise."""
