"""The loop: runs monitors through their machines, in parallel by account, delivers alerts."""
