"""The outbox: alerts delivered to the sinks."""
