"""Who may see the page and act on it: sites, log-ins, sessions, and what browsers may load."""
