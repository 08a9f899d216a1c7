"""The stop of a position, as the engine keeps it: on mirrors, by sweeps, by hand."""
