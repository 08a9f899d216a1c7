"""Instruments' rules, cached for all accounts of the process at the same host.

They are market data: unsigned, and the same for every account.
"""

from threading import Lock
from weakref import WeakValueDictionary

from ....domain.model.instrument import Instrument
from ....domain.model.observation import Unknown
from ....domain.ports import Clock, Moment
from ..codes.classify import PARAMETER_ERROR
from ..wire import names
from ..wire.clock import SystemClock
from ..wire.endpoints import Endpoint
from ..wire.fields import ShapeError, rows, text
from ..wire.parsing import parse_instrument
from .client import BybitClient
from .connection import Reply
from .failures import Failure
from .settings import BybitSettings

_SYMBOL_INVALID = "symbol invalid"


class KeptRules:
    """Rules by symbol, each with the moment at which they were requested."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.of: dict[str, tuple[Instrument, Moment]] = {}


class Instruments:
    """The rules of the symbols, requested about once an hour.

    Failures are not cached, and neither is a contract that takes no orders: it may soon.

    Args:
        account: the name of the account that asks.
        client: the account's.
        settings: how long rules are kept.
        clock: time.
        kept: the cache that all accounts at that host share.
    """

    def __init__(
        self,
        account: str,
        client: BybitClient,
        settings: BybitSettings,
        clock: Clock,
        kept: KeptRules,
    ) -> None:
        self._account = account
        self._client = client
        self._ttl = settings.instrument_ttl
        self._clock = clock
        self._kept = kept

    def get(self, symbol: str, *, since: Moment | None = None) -> Instrument | Unknown | None:
        """The rules; None if the symbol is not known.

        With ``since`` the rules were read from the exchange later than that.

        For an unknown symbol Bybit answers with an empty list, or with 10001 "params error: symbol
        invalid" (VictorFrWu/bybit-java-api#60).
        """
        now = self._clock.moment()
        kept = self._kept.of.get(symbol)
        if kept is not None and now - kept[1] < self._ttl:
            rules, read_at = kept
            if since is None or since < read_at:
                return rules
        found = self._client.call(
            Endpoint.INSTRUMENTS,
            lambda reply: _instrument(reply, symbol),
            **{names.CATEGORY: names.LINEAR, names.SYMBOL: symbol},
        )
        if isinstance(found, Failure):
            if says_unknown_symbol(found.code, found.message):
                return None
            return Unknown(self._account, self._clock.now(), found.message, found.code)
        self.forget(symbol)
        if found is not None and not found.halted:
            self._kept.of[symbol] = (found, now)
        return found

    def forget(self, symbol: str) -> None:
        """Has the rules requested again when they are next needed."""
        self._kept.of.pop(symbol, None)


_shared: "WeakValueDictionary[tuple[str, int], KeptRules]" = WeakValueDictionary()
_lock = Lock()


def shared_rules(url: str, clock: Clock) -> KeptRules:
    """The cache of that host's instruments, which lives as long as anybody uses it.

    An account with a clock of its own shares the cache with those on the same clock.
    """
    with _lock:
        # A cache holds its clock, so no other clock can have the same id while the cache lives.
        key = (url, 0 if isinstance(clock, SystemClock) else id(clock))
        kept = _shared.get(key)
        if kept is None:
            kept = _shared[key] = KeptRules(clock)
        return kept


def _instrument(reply: Reply, symbol: str) -> Instrument | None:
    found = rows(reply.result, names.LIST)
    if not found:
        return None
    if len(found) > 1 or text(found[0], names.SYMBOL) != symbol:
        raise ShapeError("a row is for another instrument than the requested one")
    return parse_instrument(found[0])


def says_unknown_symbol(code: int | None, message: str) -> bool:
    """Whether a refusal says that there is no such symbol, or no longer."""
    return code == PARAMETER_ERROR and _SYMBOL_INVALID in message.lower()
