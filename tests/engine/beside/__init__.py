"""One bad monitor beside healthy ones: on virtual time, with all accounts at work at once."""
