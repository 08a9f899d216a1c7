"""Where the stop of a position belongs: pure rules, by what is on record of the position."""
