"""The nouns: accounts, monitors, ladders, orders, observations, records, intents, errors."""
