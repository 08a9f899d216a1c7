"""One run of a monitor: steps, commits, the report."""
