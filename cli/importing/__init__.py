"""Taking over the monitors of the original bot."""
