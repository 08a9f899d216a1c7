"""The world of a history: the engine under test, and the exchange, network and store around it."""
