"""The server on loopback: HTTP, WebSocket, remote control, scenario files."""
