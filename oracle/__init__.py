"""The oracle: an old commit and this tree play the same histories, and their records are compared.

Histories are kept in files as data, not as seeds, so that a change of the code that draws them does
not change them. Each tree plays the files with its own player and records what happened in
neutral words; the two records of each history are compared line by line. ``make oracle
OLD=<commit>`` does all of it, and docs/chaos.md explains how to read a difference.

The commands, the history files and the records are the interface between two trees and must stay as
they are. When the product renames something, four places may have to follow: :mod:`.forms`
(the words of the files), :mod:`.words` (the words of the records), :mod:`.capture` (where plans are
made), and the attributes that :mod:`.rendering` reads.
"""
