"""What belongs to the delivery of alerts: their keys, and which sink gets which."""
