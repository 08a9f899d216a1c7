"""The rules of the import: each monitor of the original bot judged, and turned into a record."""
