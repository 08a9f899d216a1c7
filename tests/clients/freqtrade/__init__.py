"""freqtrade, unpatched, with trueup in its strategy: examples/freqtrade."""
