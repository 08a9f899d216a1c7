"""One process of several that share the accounts: it hosts a reconciler for each of its shards.

PostgreSQL decides who owns what, by leases. Whoever starts and restarts the processes is somebody
else: systemd, Kubernetes. A process whose lease is over has lost its accounts to another one; it
ends at once, and is started again as a new one.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from .adapters.bybit import BybitExchange, BybitFeed, BybitSettings, SystemClock
from .aio.log import logger
from .composition import Reconciler
from .domain.leases import LeaseEnd
from .domain.model.errors import LeaseOver, StoreUnavailable
from .domain.ports import Clock, Exchange
from .domain.venue.account import Account
from .storage import SqlStore, open_shard

if TYPE_CHECKING:
    from .storage.postgres.leases.keeper import Lease, Leases

_NO_TIME = timedelta(0)
T = TypeVar("T")


Connect = Callable[[Account, LeaseEnd], Exchange]
"""Makes an account's exchange, whose writes are held against the end of a lease."""


class ShardReconciler(Reconciler):
    """A reconciler of one shard's accounts; it takes the same arguments.

    Args:
        lease: of the shard.
        url: of the database.
        connect_leased: makes an account's exchange.
        options: those of :class:`Reconciler`.
    """

    def __init__(self, lease: "Lease", url: str, connect_leased: Connect, **options: Any) -> None:  # noqa: ANN401 - the reconciler's own
        self._lease = lease
        super().__init__(
            url,
            connect=lambda account: connect_leased(account, lease.ends),
            listen=BybitFeed,
            **options,
        )

    def _open_store(self, url: str) -> SqlStore:
        return open_shard(url, self._lease)


def connect_bybit(settings: BybitSettings, clock: Clock | None = None) -> Connect:
    """Makes exchanges at Bybit, of which no write leaves that might outlive the lease."""
    clock = clock or SystemClock()

    def connect(account: Account, lease_end: LeaseEnd) -> Exchange:
        return BybitExchange(account, settings, clock=clock, lease_end=lease_end)

    return connect


def accounts_of(has: Callable[[str], bool], accounts: Sequence[Account]) -> tuple[Account, ...]:
    """The shard's accounts, and behind them the mains of other shards that these follow.

    Of such a main only the ladder is read, from the database; it comes under no watch here.

    Args:
        has: whether an account belongs to the shard.
        accounts: all accounts.
    """
    own = [one for one in accounts if has(one.name)]
    followed = {one.follows for one in own} - {one.name for one in own}
    of_others = [replace(one, auto_watch=None) for one in accounts if one.name in followed]
    return (*own, *of_others)


class Worker:
    """Hosts a reconciler for each shard whose lease this process has.

    Args:
        leases: those of the process.
        ttl: how long a lease lasts.
        host: starts the reconciler of a shard; None where no account belongs to it.
    """

    def __init__(
        self,
        leases: "Leases",
        ttl: timedelta,
        host: Callable[["Lease"], Reconciler | None],
    ) -> None:
        self._leases = leases
        self._ttl = ttl
        self._host = host
        self._hosted: dict[int, Reconciler | None] = {}
        self._is_cut_off = False

    @property
    def shards(self) -> tuple[int, ...]:
        """The numbers of the shards that it hosts."""
        return tuple(sorted(self._hosted))

    def serve(self, is_over: Callable[[], bool]) -> None:
        """Hosts its share of the shards until it is over; then drains, and gives them back.

        Args:
            is_over: waits a moment, and returns whether to end.

        Raises:
            LeaseOver: a lease is over: end the process at once, whatever is under way.
            StoreError: the database cannot be used.
            TrueupError: a defect has ended a reconciler.
        """
        self._leases.start()
        while True:
            self.balance()
            if is_over():
                break
            self._check()
        self._drain(self.shards)
        self._leases.close()

    def balance(self) -> None:
        """Claims what is missing of its share, and drains what is more than that.

        It has no share where somebody has ordered it to have none: it waits for its end then.

        What nobody has wanted for as long as a lease lasts is claimed by anybody: a process that
        is frozen still counts as one that would.
        """
        share = self._asked(self._leases.share)
        if share is None:
            return
        missing = share - len(self._hosted)
        self._drain(self.shards[share:])
        claims = [partial(self._leases.claim, missing)] if missing > 0 else []
        for claim in (*claims, partial(self._leases.claim, share, self._ttl)):
            for lease in self._asked(claim) or ():
                self._hosted[lease.number] = self._host(lease)

    def _asked(self, ask: Callable[[], T]) -> T | None:
        """What the database answers; None while it is away: what it has, it has until that ends."""
        try:
            answer = ask()
        except StoreUnavailable as error:
            if not self._is_cut_off:
                logger.warning("no shard can be claimed or given back: {}", error)
            self._is_cut_off = True
            return None
        self._is_cut_off = False
        return answer

    def _drain(self, numbers: Sequence[int]) -> None:
        """Ends the runs of shards, side by side, and gives each back as soon as its own have ended.

        Raises:
            StoreError: the database cannot be used.
        """
        with ThreadPoolExecutor(max(len(numbers), 1), "trueup-drain") as pool:
            list(pool.map(self._give_back, numbers, [self._hosted.pop(one) for one in numbers]))

    def _give_back(self, number: int, reconciler: Reconciler | None) -> None:
        if reconciler is not None:
            reconciler.close()
        with suppress(StoreUnavailable):  # The lease ends by itself.
            self._leases.release(number)

    def _check(self) -> None:
        """Returns while all is well."""
        if self._leases.have_ended():
            raise LeaseOver("a lease is over: another process has its accounts, or soon will")
        for reconciler in self._hosted.values():
            if reconciler is not None:
                reconciler.wait(_NO_TIME)
