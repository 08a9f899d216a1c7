"""Public market data beside prices and candles: the book, trades, funding, risk, the system."""
