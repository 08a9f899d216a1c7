"""Made from the tables by `make docs`, and checked by `make lint`; nobody edits it by hand."""
