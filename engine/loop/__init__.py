"""The service: schedule, job loop, sweeps and the health of accounts."""
