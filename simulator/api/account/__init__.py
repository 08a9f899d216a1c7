"""The endpoints of an account: its wallet, settings, fees and closed results."""
