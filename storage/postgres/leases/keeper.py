"""The leases of a process: claimed, renewed by a thread and a connection of their own, given back.

How long a lease certainly lasts is counted from the moment *before* its renewal was sent: the
server can only have set its end later than that. A process that was frozen, or that the server
cannot reach, so knows by its own clock that its lease is over, without asking anybody.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Lock, Thread

from ....aio.log import logger
from ....domain.leases import SHARDS, LeaseSettings, shard_of
from ....domain.model.errors import LeaseOver, StoreError
from ....domain.ports import Clock, Moment
from ..access.address import Address
from ..access.connections import connected
from ..access.errors import store_errors
from ..access.ownership import share
from ..access.session import Raw
from .claims import claim, divide, release, renew
from .orders import PRESENT_AS, halt_of, share_of

_NAME = b"SELECT set_config('application_name', %s, false)"
_SOONER = 4
"""A renewal that failed is tried again after this part of the usual interval."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A lease that this process has: its epoch, and until when it certainly lasts."""

    epoch: int
    ends: Moment


class Lease:
    """The right to write what belongs to one shard.

    Args:
        leases: those of the process.
        number: of the shard.
        epoch: which of its owners this process is.
    """

    def __init__(self, leases: "Leases", number: int, epoch: int) -> None:
        self._leases = leases
        self.number, self.epoch, self.shards = number, epoch, leases.shards

    def has(self, account: str) -> bool:
        """Whether an account belongs to the shard."""
        return shard_of(account, self.shards) == self.number

    def ends(self) -> Moment:
        """Until which moment it certainly lasts, unless it is renewed."""
        return self._leases.end_of(self.number)

    def check(self) -> None:
        """Returns while it lasts.

        Raises:
            LeaseOver: it is over.
        """
        self._leases.check(self.number)

    def refused(self) -> LeaseOver:
        """Notes that the database has refused a write of this epoch; returns the error to raise."""
        return self._leases.give_up(self.number)


class Leases:
    """The leases of one process; threads may share them.

    Args:
        address: of the database.
        owner: the process's name, that no other process ever has, not even its successor.
        clock: the time; a moment of it counts the machine's sleep, too.
        settings: how long leases last.
        shards: into how many shards to divide a database that nobody has divided yet.

    Attributes:
        over: set once any lease is over: the process has to end.

    Raises:
        StoreLocked: one engine has the database for itself.
        StoreError: the database cannot be reached.
    """

    def __init__(
        self,
        address: Address,
        owner: str,
        clock: Clock,
        settings: LeaseSettings,
        shards: int = SHARDS,
    ) -> None:
        self._address, self._owner, self._clock, self._settings = address, owner, clock, settings
        self._lock = Lock()
        self._held: Mapping[int, _Held] = {}
        self.over = Event()
        self._stopped = Event()
        self._thread: Thread | None = None
        with store_errors(address.name):
            self._raw = self._connected()
            self.shards = divide(self._raw, shards)

    def claim(self, most: int, free_for: timedelta = timedelta(0)) -> tuple[Lease, ...]:
        """Claims shards that nobody has a lease of; returns the new leases.

        Args:
            most: how many at most.
            free_for: for how long nobody has had them at least.

        Raises:
            LeaseOver: one is over, perhaps one of a shard that was free although it was ours.
            StoreError: the database cannot be reached, or written.
        """
        with self._lock, store_errors(self._address.name):
            for number in self._held:
                self.check(number)
            ends = self._clock.moment() + self._settings.ttl
            made = claim(self._session(), self._owner, self._settings.ttl, most, free_for)
            for number in made.keys() & self._held.keys():
                raise self.give_up(number)
            held = {number: _Held(epoch, ends) for number, epoch in made.items()}
            self._held = {**self._held, **held}
        return tuple(Lease(self, number, epoch) for number, epoch in made.items())

    def renew(self) -> None:
        """Renews all leases, once.

        Raises:
            LeaseOver: one is over, and stays so.
            StoreError: the database cannot be reached; they last for as long as they did.
        """
        with self._lock, store_errors(self._address.name):
            held = self._held
            for number in held:
                self.check(number)
            ends = self._clock.moment() + self._settings.ttl
            made = renew(self._session(), self._owner, self._settings.ttl, held)
            for number, one in held.items():
                if made.get(number) != one.epoch:
                    raise self._refused(number)
            self._held = {number: _Held(one.epoch, ends) for number, one in held.items()}

    def release(self, *numbers: int) -> None:
        """Gives leases back at once; the caller has ended what writes under them.

        Raises:
            StoreError: the database cannot be reached: they end by themselves.
        """
        with self._lock, store_errors(self._address.name):
            self._held = _without(self._held, numbers)
            release(self._session(), self._owner, numbers)

    def share(self) -> int:
        """How many shards this process should have: as many as each other, or none by an order.

        Raises:
            StoreError: the database cannot be reached.
        """
        with self._lock, store_errors(self._address.name):
            return share_of(self._session(), self._owner, self.shards)

    def end_of(self, number: int) -> Moment:
        """Until which moment the lease of a shard certainly lasts; long past without one."""
        held = self._held.get(number)
        return timedelta(0) if held is None or self.over.is_set() else held.ends

    def check(self, number: int) -> None:
        """Returns while the lease of a shard lasts.

        Raises:
            LeaseOver: it is over.
        """
        if self._clock.moment() >= self.end_of(number):
            raise self.give_up(number)

    def give_up(self, number: int) -> LeaseOver:
        """From now on all leases are over: a process that has lost one ends; returns the error."""
        self.over.set()
        return LeaseOver(
            f"the lease of shard {number} is over: another process owns its accounts, or soon will"
        )

    def _refused(self, number: int) -> LeaseOver:
        """Gives up after a renewal that the database has refused; returns the error to raise."""
        error, halt = self.give_up(number), halt_of(self._session())
        return error if halt is None else LeaseOver(f"no lease is renewed: the workers are {halt}")

    def have_ended(self) -> bool:
        """Whether one is over; the thread that renews them may not have noticed yet."""
        now = self._clock.moment()
        return self.over.is_set() or any(one.ends <= now for one in self._held.values())

    def start(self) -> None:
        """Starts the thread that renews them."""
        self._thread = Thread(target=self._keep, name="trueup-leases", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the thread and gives all leases back."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        with suppress(StoreError):
            self.release(*self._held)
        self._raw.close()

    def _keep(self) -> None:
        wait = self._settings.renewed_every
        while not self._stopped.wait(wait.total_seconds()):
            wait = self._settings.renewed_every
            try:
                self.renew()
            except LeaseOver as error:
                logger.critical("{}", error)
                return
            except StoreError as error:
                logger.warning("the leases could not be renewed: {}", error)
                wait /= _SOONER

    def _session(self) -> Raw:
        """The connection, opened anew where it has broken."""
        if self._raw.closed:
            self._raw = self._connected()
        return self._raw

    def _connected(self) -> Raw:
        settings = self._settings
        raw = connected(self._address, settings.renewed_every, answered_within=settings.ttl)
        raw.execute(_NAME, (f"{PRESENT_AS}{self._owner}",))
        share(raw, self._address)
        return raw


def _without(held: Mapping[int, _Held], numbers: Sequence[int]) -> dict[int, _Held]:
    return {number: one for number, one in held.items() if number not in numbers}
