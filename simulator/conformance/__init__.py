"""Whether an exchange does what Bybit does: checks against any address that speaks V5."""
