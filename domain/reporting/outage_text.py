"""The alerts about the database itself: they reach the sinks without it."""

from datetime import timedelta


def outage_text(error: str) -> str:
    """The alert when it begins.

    >>> print(outage_text("the database trueup.db cannot be used: database is locked"))
    ❌ DATABASE CANNOT BE WRITTEN
    the database trueup.db cannot be used: database is locked
    trueup sends nothing to the exchange until it can record it: ladders stay as they are, however
    positions change. It goes on by itself once the database can be written. Another program may
    hold the file (a write that was begun and not ended), or the disk is full.
    """
    return (
        f"❌ DATABASE CANNOT BE WRITTEN\n{error}\n"
        "trueup sends nothing to the exchange until it can record it: ladders stay as they are, "
        "however\npositions change. It goes on by itself once the database can be written. Another "
        "program may\nhold the file (a write that was begun and not ended), or the disk is full."
    )


def recovery_text(lasted: timedelta) -> str:
    r"""The alert when it is over.

    >>> recovery_text(timedelta(seconds=8))
    '✅ DATABASE CAN BE WRITTEN AGAIN\nafter 8 s; trueup goes on with what has changed meanwhile.'
    """
    return (
        "✅ DATABASE CAN BE WRITTEN AGAIN\n"
        f"after {lasted.total_seconds():.0f} s; trueup goes on with what has changed meanwhile."
    )


MEND = "Mend the database, then start trueup again"
REPORT = "Start trueup again, and report the defect with the log"


def stop_text(error: str, remedy: str = MEND) -> str:
    """The alert of a service that ended by itself.

    >>> print(stop_text("the database trueup.db was deleted or replaced"))
    ❌ TRUEUP HAS STOPPED
    the database trueup.db was deleted or replaced
    Nothing keeps the ladders from now on. Mend the database, then start trueup again: it reads the
    exchange and goes on from there.
    """
    return (
        f"❌ TRUEUP HAS STOPPED\n{error}\n"
        f"Nothing keeps the ladders from now on. {remedy}: it reads the\n"
        "exchange and goes on from there."
    )
