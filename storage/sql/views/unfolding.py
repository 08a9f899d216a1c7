"""SQL that unfolds the lists of the tables: what stands at a place, and when it was.

The views are written once, in SQLite's words; what PostgreSQL calls otherwise is said in those by
:mod:`trueup.storage.postgres.dialect`. There JSON has no numbers: what is one is said to be.
"""


def at_place(entry: str, place: int) -> str:
    """What stands at a place of a list that json_each has found."""
    return f"json_extract({entry}.value, '$[{place}]')"


def whole_at(entry: str, place: int) -> str:
    """The whole number at a place of a list that json_each has found."""
    return whole(at_place(entry, place))


def whole(value: str) -> str:
    """A value of JSON as the whole number that it is."""
    return f"CAST({value} AS INTEGER)"


def unfolded(entries: str, entry: str) -> str:
    """Each entry of a list, joined to the row that has the list."""
    return f"JOIN json_each({entries}) AS {entry} ON TRUE"


def instant(microseconds: str) -> str:
    """A number of microseconds since 1970 as the text of an instant; NULL of NULL."""
    return (
        f"strftime('%Y-%m-%dT%H:%M:%S', ({microseconds}) / 1000000, 'unixepoch')"
        f" || printf('.%06dZ', ({microseconds}) % 1000000)"
    )
