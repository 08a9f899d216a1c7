"""What people are told: the texts of alerts."""
