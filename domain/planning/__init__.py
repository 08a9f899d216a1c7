"""Which orders shall rest, and what is to be done for it: targets, plan, headroom, levels."""
