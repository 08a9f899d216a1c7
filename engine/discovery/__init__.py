"""Discovery: what is open on the accounts, watched or not, and whose the orders are."""
