"""Requests through pybit: paged reads, look-ups of orders, writes, and what their failures mean."""
