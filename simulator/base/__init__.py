"""The simulator's ground: values, clock, behaviour, faults, errors, rate limits."""
