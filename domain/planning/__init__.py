"""Which orders should rest, and what has to be done for that: targets, plan, headroom, levels."""
