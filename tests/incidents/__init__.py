"""The twenty incidents of the original bot: what its engine did, and what ours must do.

A test has the incident's number and name. What happened is set up by hand, from the numbers on
record; where the incident names states of the original bot, they are put to the same questions:
they are in ``../shared/cases`` beside the repository, and skipped where that is absent.
"""
