"""What people read: the texts of alerts."""
