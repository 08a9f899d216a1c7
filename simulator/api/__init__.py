"""The V5 endpoints: requests checked, carried out and answered."""
