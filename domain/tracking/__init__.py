"""What trueup knows of orders and positions: reads matched to records, symbol views, drift."""
