"""PostgreSQL: its words, its connections, and the store on them. It needs the extra [postgres]."""
