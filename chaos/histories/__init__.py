"""Histories: drawn, played, judged, shrunk, rendered as stories, and run by the thousand."""
