"""One run of a monitor: its steps, commits and report."""
