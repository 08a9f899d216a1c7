"""What the states share: reading a snapshot, looking orders up, intents, answers, confirmation."""
