"""Asking a running service from another process."""
