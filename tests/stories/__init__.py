"""Stories: every path through the machine, as a transcript a trader can read."""
