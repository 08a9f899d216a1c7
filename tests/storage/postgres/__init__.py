"""What is of PostgreSQL alone: its schema, its words, its server that stops."""
