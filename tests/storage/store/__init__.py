"""What a store promises, on every database."""
