"""What the states share: snapshots, look-ups (110001, 110072), intents, answers."""
