"""Commands to a running engine from afar."""
