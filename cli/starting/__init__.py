"""The first steps: a configuration is asked for and written, and checked."""
