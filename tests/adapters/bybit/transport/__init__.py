"""What sends the requests, over real sockets."""
