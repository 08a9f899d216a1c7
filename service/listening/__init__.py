"""Where the service listens: its Unix socket, a port on loopback, and the thread that serves."""
