"""A stage: a simulated exchange, a database and a reconciler on both, opened together.

Everything is on one virtual clock and every id is counted, so a test that runs twice writes the
same journal.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from ..composition import Reconciler
from ..domain.model.identity import MonitorKey, PositionMode, Side
from ..domain.model.ladder import Ladder
from ..domain.ports import Randomness
from ..domain.venue.account import Account
from ..engine.accounts import check_accounts
from ..engine.run.report import RunReport
from ..simulator import Behaviour, InstrumentSpec, SimOrder
from ..simulator.base.decimals import Exact
from ..states.work.settings import RunSettings
from .api_messages import ApiRequest
from .defaults import ACCOUNT, CONTRACT, PRICE, UID
from .in_process import Network, in_process_exchange
from .in_process_simulator import InProcessSimulator
from .randomness import CountedRandomness


class Stage:
    """A simulated exchange, a database and a reconciler on both, with one contract under watch.

    Each account has a monitor: a main one with the ladder, a mirror without, so that it copies its
    main's. Time moves when a run waits, and when a test calls ``simulator.clock.sleep``.

    Args:
        folder: where the database is.
        ladder: the levels; None for none.
        accounts: as a `Reconciler` takes them. The first is the one that the methods mean.
        contract: its symbol, or the contract with its rules; a symbol alone has those of `SYMBOL`.
        side: of the position, ``Buy`` for a long.
        price: of the market at the start.
        settings: of the runs.
        behaviour: the simulator's switches; no rate limits by default.
        latency_ms: virtual time that a request takes to arrive, and its response to come back.

    Attributes:
        simulator: the exchange: prices, positions, orders and faults.
        reconciler: on the database; `restart` opens another.
        symbol: the contract's.

    Raises:
        ConfigurationError: the accounts or the ladder contradict themselves.
        ValueError: two accounts have one API key.
    """

    def __init__(  # noqa: PLR0913 - keyword-only parts of the world, each with a default
        self,
        folder: Path,
        ladder: Ladder | None,
        *,
        accounts: Sequence[Account] = (ACCOUNT,),
        contract: str | InstrumentSpec = CONTRACT,
        side: Side | str = Side.BUY,
        price: Exact = PRICE,
        settings: RunSettings | None = None,
        behaviour: Behaviour | None = None,
        latency_ms: int = 20,
    ) -> None:
        spec = replace(CONTRACT, symbol=contract) if isinstance(contract, str) else contract
        unlimited = Behaviour(rate_limits=False, ip_limit=False)
        self.simulator = InProcessSimulator(behaviour=behaviour or unlimited)
        self.simulator.add_instrument(spec, price)
        self.symbol, self._side = spec.symbol, Side(side)
        self._accounts = check_accounts(accounts)
        self._uids = {name: str(int(UID) + n) for n, name in enumerate(self._accounts)}
        self._folder, self._settings = folder, settings
        self._network, self._randomness = _Interrupted(latency_ms), CountedRandomness()
        for account in self._accounts.values():
            self.simulator.add_account(
                uid=self.uid(account.name),
                api_key=account.api_key,
                api_secret=account.api_secret,
                hedge=account.position_mode is PositionMode.HEDGE,
            )
        with ExitStack() as opened:
            self.reconciler = opened.enter_context(self._open())
            for account in self._accounts.values():
                own = None if account.follows else ladder
                self.reconciler.watch(account.name, self.symbol, self._side, own)
            opened.pop_all()

    def __enter__(self) -> Self:
        """Returns the stage."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes it."""
        self.close()

    def close(self) -> None:
        """Close the reconciler and its database."""
        self.reconciler.close()

    def restart(self) -> None:
        """Close the reconciler, and open another on the same database."""
        self.close()
        self.reconciler = self._open()

    def uid(self, account: str = "") -> str:
        """The UID of an account at the simulated exchange, by the account's name."""
        return self._uids[account or next(iter(self._uids))]

    def enter(self, quantity: Exact, price: Exact | None = None, *, account: str = "") -> None:
        """Open the position, or add to it, as an entry that filled does; at the market's price."""
        at = self.simulator.price(self.symbol) if price is None else price
        self.simulator.open_position(self.uid(account), self.symbol, self._side, quantity, at)

    def run(self, reason: str = "caller", *, account: str = "") -> RunReport:
        """Run the account's monitor once."""
        return self.reconciler.reconcile(self._key(account), reason)

    def take_profits(self, account: str = "") -> tuple[SimOrder, ...]:
        """The resting orders that close the position, nearest first."""
        closing = self._side.opposite.value
        orders = self.simulator.orders(self.uid(account), self.symbol)
        found = [each for each in orders if each.reduce_only and each.side.value == closing]
        return tuple(sorted(found, key=lambda o: o.price, reverse=self._side is Side.SELL))

    def fill(self, level: int, quantity: Exact | None = None, *, account: str = "") -> None:
        """Fill the order that rests for a level, wholly or in part; the first one if it is split.

        Raises:
            LookupError: no order rests for it.
        """
        record = self.reconciler.store.load(self._key(account))
        known = [each for each in record.orders if each.level == level] if record else []
        ids = {each.order_link_id for each in known} | {each.order_id for each in known}
        for order in self.take_profits(account):
            if {order.link_id, order.order_id} & ids - {""}:
                self.simulator.fill(self.uid(account), order.order_id, quantity)
                return
        raise LookupError(f"no order rests for TP{level}: run the monitor first")

    def wait(self, duration: timedelta) -> None:
        """Let time pass."""
        self.simulator.clock.sleep(duration)

    def before(self, path: str, act: Callable[[], object]) -> None:
        """Act once, right before the next such request takes effect: ``order/amend``.

        Args:
            path: a part of the request's path.
            act: what happens then; it may fill an order, for example.
        """
        self._network.waiting.append((path, act))

    def _key(self, account: str) -> MonitorKey:
        return MonitorKey(account or next(iter(self._uids)), self.symbol, self._side)

    def _open(self) -> Reconciler:
        return open_reconciler(
            self._folder,
            list(self._accounts.values()),
            self.simulator,
            settings=self._settings,
            randomness=self._randomness,
            network=self._network,
        )


def open_reconciler(
    folder: Path,
    accounts: Sequence[Account],
    simulator: InProcessSimulator,
    *,
    settings: RunSettings | None = None,
    randomness: Randomness | None = None,
    network: Network | None = None,
) -> Reconciler:
    """A reconciler on a database in a folder, for accounts of a simulator, on its clock."""
    return Reconciler(
        f"sqlite:///{folder / 'trueup.db'}",
        accounts=accounts,
        settings=settings,
        sinks=[],
        clock=simulator.clock,
        randomness=randomness or CountedRandomness(),
        connect=lambda each: in_process_exchange(each, simulator, network=network),
    )


class _Interrupted(Network):
    """A network in which something happens while a request is on its way."""

    def __init__(self, latency_ms: int) -> None:
        super().__init__(latency_ms)
        self.waiting: list[tuple[str, Callable[[], object]]] = []

    def before_effect(self, request: ApiRequest) -> None:
        """Do what waits for such a request."""
        for each in self.waiting:
            path, act = each
            if path in request.path:
                self.waiting.remove(each)
                act()
                return
