"""Records what a run's decisions are made from, and gives it to a run once more."""
