"""The judge: holds what happened against every promise."""
