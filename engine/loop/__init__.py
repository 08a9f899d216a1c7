"""The loop: schedule, workers, sweeps, health."""
