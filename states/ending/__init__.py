"""How a run ends: its outcome, what it reports of the position, its alert and the next try."""
