"""What the stores of both databases share: statements that run, reads, writes, cache, pruning."""
