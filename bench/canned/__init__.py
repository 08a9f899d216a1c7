"""A canned exchange: it answers with what the simulator answered once, at a tenth of the CPU."""
