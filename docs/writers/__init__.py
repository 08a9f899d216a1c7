"""One module a generated page; each takes what it says from the code."""
