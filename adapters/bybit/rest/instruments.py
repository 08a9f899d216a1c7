"""Instruments' rules, cached for all accounts of the process at the same host.

They are market data: unsigned, and the same for every account.
"""

from collections.abc import Collection, Iterable, Mapping
from threading import Lock
from weakref import WeakValueDictionary

from ....domain.model.instrument import Instrument
from ....domain.model.observation import Unknown
from ....domain.ports import Clock, Moment
from ..codes.classify import PARAMETER_ERROR
from ..wire import names
from ..wire.clock import SystemClock
from ..wire.endpoints import Endpoint
from ..wire.fields import Row, ShapeError, optional_label, rows, text
from ..wire.parsing import parse_instrument
from ..wire.understood import UnreadRow, understood
from .client import BybitClient
from .connection import Reply
from .failures import Failure
from .paging import walk
from .settings import BybitSettings

_SYMBOL_INVALID = "symbol invalid"
_SEVERAL = 2
_PAGE = 1000


class KeptRules:
    """Rules by symbol, each with the moment at which they were requested.

    A contract's settle coin never changes: it is kept for good.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.of: dict[str, tuple[Instrument, Moment]] = {}
        self.coins: dict[str, str] = {}

    def add(self, rules: Instrument, at: Moment) -> None:
        """Keeps the rules, unless the contract takes no orders: it may soon."""
        if rules.settle_coin:
            self.coins[rules.symbol] = rules.settle_coin
        if not rules.halted:
            self.of[rules.symbol] = (rules, at)


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
        self._max_pages = settings.max_pages
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
            is_young = since is None or since < read_at
            if is_young and not rules.has_expired(self._clock.now()):
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
        if found is not None:
            self._kept.add(found, now)
        return found

    def other_kind(self, symbol: str) -> str:
        """What Bybit trades by this name in another category; empty for nothing.

        A category that cannot be read is left out.
        """
        for category, kind in names.OTHER_CATEGORIES.items():
            found = self._client.call(
                Endpoint.INSTRUMENTS,
                lambda reply: _contract_type(reply, symbol),
                **{names.CATEGORY: category, names.SYMBOL: symbol},
            )
            if isinstance(found, str):
                return f"{kind} ({found})" if found else kind
        return ""

    def coins(self, symbols: Iterable[str]) -> Mapping[str, str | Unknown | None]:
        """The settle coin of each symbol, by the contract's rules, never by its name.

        It is read once; several that are missing are read from the list of all contracts. None
        where the exchange knows no such symbol, or does not say.
        """
        wanted, kept = tuple(dict.fromkeys(symbols)), self._kept.coins
        failure = self._read_list([symbol for symbol in wanted if symbol not in kept])
        found: dict[str, str | Unknown | None] = {}
        for symbol in wanted:
            answer = None if symbol in kept else failure or self.get(symbol)
            found[symbol] = kept.get(symbol, answer if isinstance(answer, Unknown) else None)
        return found

    def _read_list(self, missing: Collection[str]) -> Unknown | None:
        """Reads the rules of these contracts in one walk, if there are several; says if it failed.

        The list lacks contracts that do not trade (docs/v5/market/instrument.mdx).
        """
        if len(missing) < _SEVERAL:
            return None
        now = self._clock.moment()

        def parse(row: Row) -> Instrument | UnreadRow | None:
            is_wanted = text(row, names.SYMBOL) in missing
            return understood(row, parse_instrument) if is_wanted else None

        walked = walk(
            self._client, Endpoint.INSTRUMENTS, parse, self._max_pages, **{names.LIMIT: _PAGE}
        )
        if isinstance(walked, Failure):
            return Unknown(self._account, self._clock.now(), walked.message, walked.code)
        for rules in walked.items:
            if isinstance(rules, Instrument):
                self._kept.add(rules, now)
        return None

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


def _contract_type(reply: Reply, symbol: str) -> str | None:
    """The type of another category's contract; None if the reply has none of that symbol."""
    for row in rows(reply.result, names.LIST):
        if text(row, names.SYMBOL) == symbol:
            kinds = (optional_label(row, n, "") for n in (names.CONTRACT_TYPE, names.OPTIONS_TYPE))
            return next(filter(None, kinds), "")
    return None


def says_unknown_symbol(code: int | None, message: str) -> bool:
    """Whether a refusal says that there is no such symbol, or no longer."""
    return code == PARAMETER_ERROR and _SYMBOL_INVALID in message.lower()
