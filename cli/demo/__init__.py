"""The demo: a typical repair played against a simulated exchange, with a stopwatch beside it."""
