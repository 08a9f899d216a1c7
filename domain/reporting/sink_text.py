"""The messages about a sink that takes no alerts; the other sinks get them directly."""

from datetime import timedelta

from .alert_text import RULE

_A_MINUTE = timedelta(minutes=1)


def sink_fails_text(name: str, lasts: timedelta, error: str) -> str:
    """A sink has taken nothing for a while.

    Args:
        name: the sink's.
        lasts: for how long.
        error: why not, in words; else the class of what it raises; empty where it does not return.
    """
    says = error if " " in error else f"it raises {error}"
    why = says if error else "it does not return"
    span = f"has taken no alert for {_minutes(lasts)}" if lasts >= _A_MINUTE else "takes no alert"
    return "\n".join(
        (
            "⚠️ ALERTS DO NOT ARRIVE",
            RULE,
            f"the sink {name} {span}: {why}",
            "trueup keeps its alerts and tries again; the view alert_delivery_log has them.",
        )
    )


def sink_works_text(name: str, lasted: timedelta) -> str:
    """It takes alerts again."""
    return "\n".join(
        (
            "✅ ALERTS ARRIVE AGAIN",
            RULE,
            f"the sink {name} takes alerts again, after {_minutes(lasted)}.",
        )
    )


def _minutes(lasts: timedelta) -> str:
    return f"{lasts.total_seconds() / 60:.0f} min"
