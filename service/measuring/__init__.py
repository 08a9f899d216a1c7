"""What Prometheus is told: runs as they end, and everything else as it is when it asks."""
