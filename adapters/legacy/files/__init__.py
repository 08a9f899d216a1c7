"""Reading the original bot's files as plain data, and writing what is adopted to the store."""
