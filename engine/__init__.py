"""Runs monitors: one by one, or as a service with streams, sweeps, retries and alerts."""
