"""The stop of the position: announced by Validating, sent and confirmed by Placing."""
