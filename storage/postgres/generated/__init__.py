"""Made from the tables by `make docs`, and checked by `make lint`; do not edit it."""
