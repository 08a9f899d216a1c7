"""Matching: fills, the path of a price with its triggers, trailing stops, trading-stop's orders."""
