"""The ledger: what really happened at the exchange, on the streams and in the database."""
