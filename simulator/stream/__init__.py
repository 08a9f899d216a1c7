"""The private stream: subscriptions, messages, delivery."""
