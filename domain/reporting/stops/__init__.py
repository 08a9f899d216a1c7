"""What alerts say of stops, explained."""
