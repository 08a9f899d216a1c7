"""What `trueup run` sends at regular times: heartbeats, and the daily digest."""
