"""The commands of every page, run as they stand there, from the wheel."""
