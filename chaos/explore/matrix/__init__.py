"""What the search reaches: transitions with their replies, paths, and laws that exclude some."""
