"""The HTTP application: who may ask, and its routes, one module a subject."""
