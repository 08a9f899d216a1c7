"""The documentation: pages for people, and what writes those that could drift from the code."""
