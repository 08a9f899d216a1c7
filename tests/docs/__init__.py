"""That the documentation is true: pages, promises, examples."""
