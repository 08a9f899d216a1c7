"""What people read: the texts of alerts, and how an account stands."""
