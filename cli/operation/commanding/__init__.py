"""Commands to the engine that runs: their plan first, then a question, then the answer."""
