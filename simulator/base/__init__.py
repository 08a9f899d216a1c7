"""What everything else builds on: clock, switches, faults, errors, rate limits, exact numbers."""
