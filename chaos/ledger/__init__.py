"""What the judge keeps: a ledger of the exchange, effects of writes, what the stream covered."""
