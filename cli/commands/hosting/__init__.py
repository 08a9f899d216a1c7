"""What `trueup run` does for the commands that its service takes."""
