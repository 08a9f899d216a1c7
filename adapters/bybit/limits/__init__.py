"""Rate limits: budgets of an account and of an address, and the queue of each endpoint."""
