"""The oracle: the same histories played by an old commit and by this tree, and compared.

Histories are written to files as data, so that a later change of the drawing code does not change
them. Each tree plays them with its own player, which writes what happened in neutral words; two
records of one history are then compared line by line. ``make oracle OLD=<commit>`` does all of it.

The commands, the files of histories and the records are the interface between two trees, and stay
as they are. When the product renames something, what has to follow is :mod:`.forms` (the words of
the files), :mod:`.words` (the words of the records), :mod:`.capture` (where to look) and the
attributes that :mod:`.rendering` reads.
"""
