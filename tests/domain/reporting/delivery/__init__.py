"""What belongs to the delivery of alerts."""
