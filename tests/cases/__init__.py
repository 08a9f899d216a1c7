"""Cases: real states of the original bot, put on the simulator and reconciled.

``python -m tests.cases [FILE]`` prints a line a case. The package reads in this order:
:mod:`.values`, :mod:`.states` (a row as values), :mod:`.rules` (its instrument), :mod:`.belief`
(what goes on record), :mod:`.resting` and :mod:`.market` (what is put on the simulator),
:mod:`.casebook` (all of a file), :mod:`.switchboard` and :mod:`.play` (the run),
:mod:`.expectation` (what must come out, worked out apart from the engine), :mod:`.journey`,
:mod:`.thrift` and :mod:`.verdict` (whether it did), :mod:`.seen` and :mod:`.table` (for people).
"""
