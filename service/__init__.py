"""What a running service can be asked: one HTTP application, on a Unix socket and on loopback."""
