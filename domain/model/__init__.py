"""The nouns: monitors, ladders, orders, observations, records, intents, errors."""
