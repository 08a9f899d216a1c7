"""Drawing stops, and what form they have."""
