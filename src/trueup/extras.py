"""The extras: which libraries each one brings, and what to say where one is missing."""

from collections.abc import Mapping, Sequence

EXTRAS: Mapping[str, frozenset[str]] = {
    "alerts": frozenset({"apprise"}),
    "cli": frozenset({"jinja2", "pydantic_settings", "rich", "starlette", "typer", "uvicorn"}),
    "postgres": frozenset({"psycopg"}),
    "web": frozenset({"prometheus_client"}),
}
"""The modules that no bare install has, by the extra that brings them."""
_WITH_SIMULATOR = frozenset({"demo", "simulator"})
"""The commands that belong to the extra ``simulator``, which brings what ``cli`` does."""


def extra_for(error: ModuleNotFoundError, arguments: Sequence[str]) -> str | None:
    """What to install, as one line; None where no extra brings the module that is missing.

    Args:
        error: names the module.
        arguments: of the command line; the command is the first that is no option.

    >>> missing = ModuleNotFoundError(name="typer")
    >>> extra_for(missing, ["simulator", "--list"])
    "the command simulator needs typer, which is not installed: pip install 'trueup[simulator]'"
    """
    module = (error.name or "").partition(".")[0]
    command = next((each for each in arguments if not each.startswith("-")), None)
    for extra, modules in EXTRAS.items():
        if module in modules:
            named = "simulator" if command in _WITH_SIMULATOR else extra
            who = f"the command {command}" if command else "the command line"
            return f"{who} needs {module}, which is not installed: pip install 'trueup[{named}]'"
    return None
