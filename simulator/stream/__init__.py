"""The private stream: subscriptions, messages, and their delivery under faults."""
