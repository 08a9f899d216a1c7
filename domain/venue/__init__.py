"""The exchange's side: an account there, and what differs from exchange to exchange."""
