"""Discovery: everything that is open on the accounts, watched or not."""
