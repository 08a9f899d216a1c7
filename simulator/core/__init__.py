"""The exchange itself: market, endpoints and stream on one clock."""
