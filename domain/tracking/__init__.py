"""What is known of orders and positions: matching reads to records, views of symbols, drift."""
