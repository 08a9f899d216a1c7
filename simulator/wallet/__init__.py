"""The wallet: what positions and orders need of its balance, and funding."""
