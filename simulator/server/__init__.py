"""The faces: HTTP and WebSocket on loopback, a feed in the process, scenarios, remote control."""
