"""The page: what it reads, who it lets in, what it does."""
