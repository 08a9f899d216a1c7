"""The page: how all accounts and monitors stand, for a person with a browser."""
