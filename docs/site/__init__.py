"""The documentation as a site of its own, with a menu by what somebody wants, and a search."""
