"""The V5 endpoints: they check requests, carry them out and answer them."""
