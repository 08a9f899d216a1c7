"""One module per generated page; each takes its content from the code."""
