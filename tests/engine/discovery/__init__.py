"""Discovery: what is open on an account, and whose it is."""
