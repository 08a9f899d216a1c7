"""All mistakes of a configuration at once: where each is, why it is one, what would be right."""
