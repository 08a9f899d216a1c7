"""Rate limits: what each account and the address may send, and the queue of each endpoint."""
