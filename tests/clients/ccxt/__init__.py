"""ccxt: a life of orders, sync and async, and a table of its calls."""
