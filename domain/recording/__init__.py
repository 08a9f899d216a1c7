"""Values of a run as text, for the record of what its decisions were made from."""
