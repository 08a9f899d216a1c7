"""What has happened to a position."""
