"""The demo: the main job played against a simulated exchange, with a stopwatch beside it."""
