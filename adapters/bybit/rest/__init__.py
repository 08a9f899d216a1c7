"""Requests through pybit: reads that page, look-ups, writes, and what their failures mean."""
