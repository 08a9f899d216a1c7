"""One thread that many jobs share."""
