"""Histories: drawn, played, shrunk, told as stories, run by the thousand."""
