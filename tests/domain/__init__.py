"""The domain: values and decisions, tested with examples and properties."""
