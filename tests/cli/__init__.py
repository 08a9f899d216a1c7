"""The command line, run against the simulator over HTTP and databases on disk."""
