"""The configuration: what a file may say, how it is read, the reconciler or database it opens."""
