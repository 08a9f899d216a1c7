"""nautilus_trader: a node that trades, is restarted beside its resting orders, and reconciles."""
