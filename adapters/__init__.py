"""The world outside: the exchange, a simulated one, and where alerts go."""
