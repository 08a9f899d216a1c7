"""The shape of a database: whether its tables are those of its revision, and how they become so."""
