"""The commands, one module each, with the reports that they print."""
