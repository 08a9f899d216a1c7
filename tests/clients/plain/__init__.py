"""A bot of plain Python with trueup embedded."""
