"""The texts of alerts."""
