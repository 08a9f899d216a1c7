"""The demo, as a newcomer sees it."""
