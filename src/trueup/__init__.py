"""trueup keeps resting take-profit orders equal to their ladders."""
