"""What a database in SQL holds: tables, rows, statements, views. Every dialect shares them."""
