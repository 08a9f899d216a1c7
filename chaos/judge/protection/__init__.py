"""P12: no write of ours loosens a stop, shrinks it, or leaves a moment without it."""
