"""Commands to the engine that runs, from the command line."""
