"""What is kept: of the past, for how long, and of a record once something else is given."""
