"""The private stream: its socket, its supervision, and the events that its messages make."""
