"""Several processes share the accounts: real ones, a real PostgreSQL, the exchange over HTTP."""
