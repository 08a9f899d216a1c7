"""The private stream: its socket, its supervision, and the events in its messages."""
