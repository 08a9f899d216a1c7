"""How soon real bots know what has filled, and what freqtrade's own stop does meanwhile."""
