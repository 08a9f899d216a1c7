"""Tables, rows and views."""
