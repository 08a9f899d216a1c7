"""The messages about a function of the bot that keeps raising; the sinks get them directly."""

from .alert_text import RULE


def raises_text(name: str, error: str, times: int) -> str:
    """It has raised again and again."""
    return f"""\
⚠️ A CALLBACK OF THE BOT RAISES
{RULE}
{name} has raised {times} times in a row, {error} last; the log has the tracebacks. trueup goes on
without it: the bot may not know what has become of its positions."""


def works_text(name: str, times: int) -> str:
    """It has returned."""
    return f"""\
✅ THE CALLBACK RETURNS AGAIN
{RULE}
{name} raised {times} times in a row before."""
