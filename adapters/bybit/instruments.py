"""Instruments' rules, kept for a while."""

from datetime import datetime

from ...domain.codes import PARAMETER_ERROR
from ...domain.instrument import Instrument
from ...domain.observation import Unknown
from ...domain.ports import Clock
from . import names
from .client import BybitClient
from .connection import Reply
from .endpoints import Endpoint
from .failures import Failure
from .fields import ShapeError, rows, text
from .parsing import parse_instrument
from .settings import BybitSettings

_SYMBOL_INVALID = "symbol invalid"


class Instruments:
    """The rules of the symbols, asked for once an hour or so.

    Only what was read is kept: neither failures nor symbols that are not traded.
    """

    def __init__(
        self, account: str, client: BybitClient, settings: BybitSettings, clock: Clock
    ) -> None:
        self._account = account
        self._client = client
        self._ttl = settings.instrument_ttl
        self._clock = clock
        self._kept: dict[str, tuple[Instrument, datetime]] = {}

    def get(self, symbol: str) -> Instrument | Unknown | None:
        """The rules; None if the symbol is not known or its ``status`` is not ``Trading``.

        What is not trading, before launch or in delivery, takes no orders; a plan for it could
        only be refused. An unknown symbol comes as an empty list or as 10001 "params error:
        symbol invalid" (VictorFrWu/bybit-java-api#60).
        """
        now = self._clock.now()
        kept = self._kept.get(symbol)
        if kept is not None and now - kept[1] < self._ttl:
            return kept[0]
        found = self._client.call(
            Endpoint.INSTRUMENTS,
            lambda reply: _instrument(reply, symbol),
            **{names.CATEGORY: names.LINEAR, names.SYMBOL: symbol},
        )
        if isinstance(found, Failure):
            if _says_unknown_symbol(found):
                return None
            return Unknown(self._account, now, found.message, found.code)
        if found is not None:
            self._kept[symbol] = (found, now)
        return found


def _instrument(reply: Reply, symbol: str) -> Instrument | None:
    found = rows(reply.result, names.LIST)
    if not found:
        return None
    if len(found) > 1 or text(found[0], names.SYMBOL) != symbol:
        raise ShapeError("another instrument came than the one asked for")
    return parse_instrument(found[0])


def _says_unknown_symbol(failure: Failure) -> bool:
    return failure.code == PARAMETER_ERROR and _SYMBOL_INVALID in failure.message.lower()
