"""SQL that unfolds the lists of the tables: what stands at a place, and when it was."""


def at_place(entry: str, place: int) -> str:
    """What stands at a place of a list that json_each has found."""
    return f"json_extract({entry}.value, '$[{place}]')"


def instant(microseconds: str) -> str:
    """A number of microseconds since 1970 as the text of an instant; NULL of NULL."""
    return (
        f"strftime('%Y-%m-%dT%H:%M:%S', ({microseconds}) / 1000000, 'unixepoch')"
        f" || printf('.%06dZ', ({microseconds}) % 1000000)"
    )
