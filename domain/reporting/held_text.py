"""The messages about a thread that does not come back; the sinks get them directly."""

from datetime import timedelta

from .alert_text import RULE


def held_text(what: str, lasts: timedelta) -> str:
    """Something has been under way for too long."""
    return f"""\
❌ A CALL DOES NOT RETURN
{RULE}
{what} has been under way for {lasts.total_seconds():.0f} s: the exchange adapter or a callback of
the bot does not return. trueup cannot interrupt it. Other accounts go on; this one may not. If it
lasts, restart the bot: trueup goes on from the record."""


def stands_text(lasts: timedelta) -> str:
    """Nothing of the service goes on."""
    return f"""\
❌ TRUEUP STANDS STILL
{RULE}
The thread that does all jobs has not answered for {lasts.total_seconds():.0f} s: something in it
does not return, and the log says where. Nothing keeps the ladders meanwhile, on any account. If it
lasts, restart the bot: trueup goes on from the record."""


def log_text(lasts: timedelta) -> str:
    """A handler of the bot's log is slow, or does not return."""
    return f"""\
⚠️ A LOG HANDLER DOES NOT KEEP UP
{RULE}
Lines of trueup's have waited for the handlers of the bot's log for {lasts.total_seconds():.0f} s:
one is slow, or does not return. trueup goes on, on all accounts. Once 10,000 lines wait, further
ones are dropped and counted; the journal in the database has every decision."""


def returned_text(what: str, lasted: timedelta) -> str:
    """It has come back.

    >>> print(returned_text("the run of main BANDUSDT Buy", timedelta(minutes=7)))
    ✅ THE CALL HAS RETURNED
    ━━━━━━━━━━━━━━━━━━━━━━━━
    the run of main BANDUSDT Buy goes on, after 420 s.
    """
    return "\n".join(
        ("✅ THE CALL HAS RETURNED", RULE, f"{what} goes on, after {lasted.total_seconds():.0f} s.")
    )
