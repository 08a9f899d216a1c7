"""The wallet: margin, funding, and books that balance."""
