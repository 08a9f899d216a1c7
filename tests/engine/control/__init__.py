"""Pauses, halts and resumes."""
