"""Exhaustive search: every path of the real machine in a small scope, with a few deviations.

No dice: the campaign samples a large world, the search exhausts a small one. A walk is an errand of
one monitor with its deviations, played from the start by the campaign's own world and judged by its
judge. :mod:`.errands`, :mod:`.events` and :mod:`.replies` are the scope, :mod:`.search` says which
walks there are, and :mod:`.equal_states` which of them need not go on.
"""
