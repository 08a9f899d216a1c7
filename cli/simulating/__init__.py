"""``trueup simulator``: a Bybit on this machine, for testing bots."""
