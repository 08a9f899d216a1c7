"""Times that people write."""

from datetime import UTC, datetime

from ...domain.model.errors import ConfigurationError


def time_of(option: str, text: str) -> datetime:
    """A time as people write it; it is UTC where it does not say otherwise.

    Raises:
        ConfigurationError: it is none.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(
            f"{option} {text!r} is no time: give it as 2026-12-01T03:12 or 2026-12-01T03:12:07, "
            "in UTC"
        ) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
