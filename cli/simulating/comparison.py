"""``trueup simulator --check URL``: where another exchange and the simulator differ."""

import os
from http.client import HTTPException
from urllib.parse import urlsplit

import typer

from ...domain.model.errors import ConfigurationError
from ...simulator.conformance.check import Verdict
from ...simulator.conformance.client import Keys
from ...simulator.conformance.run import KeysRefusedError, findings
from ..base.failures import ExitCode
from ..base.tables import show_table

KEY, SECRET = "BYBIT_API_KEY", "BYBIT_API_SECRET"


def compare(url: str) -> ExitCode:
    """Make the checks, show what they found, and say whether all agree.

    Raises:
        ConfigurationError: the address is none or cannot be reached, or a key lacks its secret, or
            has another one.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(f"--check {url}: it must be an address such as https://HOST")
    try:
        found = list(findings(url, _keys()))
    except KeysRefusedError as refusal:
        raise ConfigurationError(
            f"--check {url}: it refuses the key and secret of {KEY} and {SECRET}: {refusal}"
        ) from None
    except (OSError, HTTPException, LookupError, ValueError) as error:
        raise ConfigurationError(f"--check {url}: it does not answer as Bybit does: {error}") from (
            None
        )
    show_table(
        ("behaviour", "expected", "seen", "verdict"),
        [(one.check.behaviour, one.check.expected, one.seen, one.verdict.value) for one in found],
    )
    counts = {verdict: sum(one.verdict is verdict for one in found) for verdict in Verdict}
    agree, differ, skipped = (counts[verdict] for verdict in Verdict)
    typer.echo(f"{agree} agree, {differ} differ, {skipped} were skipped")
    return ExitCode.NOT_TRUE if differ else ExitCode.OK


def _keys() -> Keys | None:
    key, secret = os.environ.get(KEY, ""), os.environ.get(SECRET, "")
    if bool(key) != bool(secret):
        raise ConfigurationError(f"{KEY} and {SECRET} go together: one of them is not set")
    return Keys(key, secret) if key else None
