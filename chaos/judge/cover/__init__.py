"""P3 and P4: what our orders cover, during a run and when it settles."""
