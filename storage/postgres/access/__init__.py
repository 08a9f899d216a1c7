"""The way to a PostgreSQL database: its address, its connections, who owns it."""
