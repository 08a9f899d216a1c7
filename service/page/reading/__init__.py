"""What the page reads of the database, each answer of one moment."""
