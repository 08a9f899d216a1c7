"""What shall rest and what has to be done for it: targets, plan, headroom, re-mapped levels."""
