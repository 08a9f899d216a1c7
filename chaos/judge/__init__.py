"""The judge, and the promises of trueup that it checks at every event of a history."""
