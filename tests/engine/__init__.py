"""The engine: runs, threads, accounts, alerts, restarts."""
