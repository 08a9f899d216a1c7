"""The `Simulator` itself: for clients, for inspection, and for moving the market."""
