"""What a history plays on: its scene, the simulated exchange, the dice that draw."""
