"""Commands: what each is to change, doing it once, and its answer on record."""
