"""One thread that many jobs share: how code that waits gives the others their turn."""
