"""The examination of an account: its key, its clock and its position mode, for people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ...domain.keys.facts import KeyFacts
from ...domain.keys.position_mode import wrong_mode
from ...domain.model.identity import MonitorKey
from ...domain.model.observation import Unknown
from ...domain.ports import Exchange
from ..clock_offset import clock_offset_ms
from .key_health import KeyHealth

_MOST_OFF_MS = 500


class Weight(StrEnum):
    """How much the result of a check matters.

    ``ok``: all is well. ``warning``: trueup runs, and something should be done. ``refused``: trueup
    sends no write for what was checked.
    """

    OK = "ok"
    WARNING = "warning"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked.

    Attributes:
        what: a word for what was checked.
        weight: how much the result matters.
        text: the result, and what to do where something is to be done.
    """

    what: str
    weight: Weight
    text: str


@dataclass(frozen=True, slots=True)
class Examined:
    """An account, and what was checked of it."""

    account: str
    environment: str
    uid: str
    checks: tuple[Check, ...]

    @property
    def is_refused(self) -> bool:
        """Whether trueup sends no write for the account, or for one of its monitors."""
        return any(check.weight is Weight.REFUSED for check in self.checks)


def examine(
    one: KeyHealth, exchanges: Mapping[str, Exchange], watched: Iterable[MonitorKey]
) -> Examined:
    """Checks an account; reads its positions, and sends no write.

    Args:
        one: how it stands with its key.
        exchanges: by account.
        watched: the monitors of all accounts.
    """
    exchange = exchanges[one.name]
    symbols = sorted({key.symbol for key in watched if key.account == one.name})
    verdict = one.verdict
    uid = "" if verdict is None else verdict.uid
    modes = tuple(_modes(exchange, symbols))
    checks = (*_key(one), _clock(exchange), *modes)
    return Examined(one.name, one.account.environment, uid, checks)


def _key(one: KeyHealth) -> Iterable[Check]:
    verdict = one.verdict
    if verdict is None:
        yield Check("key", Weight.WARNING, "it was not asked about")
        return
    if verdict.barred:
        yield Check("key", Weight.REFUSED, verdict.barred)
    elif isinstance(one.answer, KeyFacts):
        yield Check("key", Weight.OK, _described(one.answer))
    for warning in verdict.warnings:
        yield Check("key", Weight.WARNING, warning)


def _described(facts: KeyFacts) -> str:
    bound = f"bound to {', '.join(facts.ips)}" if facts.ips else "bound to no address"
    until = "never" if facts.expires_at is None else f"on {facts.expires_at:%Y-%m-%d}"
    return f"UID {facts.uid}; it may trade contracts, is {bound}, and expires {until}"


def _clock(exchange: Exchange) -> Check:
    offset = clock_offset_ms(exchange)
    if offset is None:
        return Check("clock", Weight.WARNING, "not measured: the exchange did not answer")
    text = f"the exchange's clock is {abs(offset)} ms {'behind' if offset < 0 else 'ahead'}"
    if abs(offset) <= _MOST_OFF_MS:
        return Check("clock", Weight.OK, text)
    return Check("clock", Weight.WARNING, f"{text}: let this machine keep its time by NTP")


def _modes(exchange: Exchange, symbols: Sequence[str]) -> Iterable[Check]:
    """Whether the open positions are of the mode that is configured."""
    configured = exchange.position_mode
    reading = exchange.observe(symbols) if symbols else None
    if isinstance(reading, Unknown):
        yield Check(
            "positions", Weight.WARNING, f"they could not be read: {reading.reason}; try again"
        )
        return
    positions = [] if reading is None else [p for p in reading.positions if p.symbol in symbols]
    wrong = [text for each in positions if (text := wrong_mode(each, configured))]
    for text in wrong:
        yield Check("position mode", Weight.REFUSED, text)
    if not wrong:
        yield Check("position mode", Weight.OK, f"{configured.value}, as configured")
