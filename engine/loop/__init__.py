"""The service: schedule, worker pool, sweeps and the health of accounts."""
