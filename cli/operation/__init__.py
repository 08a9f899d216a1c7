"""Operating an engine while it runs: pause, resume and halt it, back its database up."""
