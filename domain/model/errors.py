"""Everything trueup raises, as one tree.

::

    TrueupError
    ├── ConfigurationError      a broken configuration: unknown option, missing key, bad value
    │   ├── LadderError         a ladder that contradicts itself: shares, prices, order of levels
    │   ├── StopError           a stop that contradicts itself, its ladder or the position
    │   └── InstrumentError     a symbol that the exchange does not know
    ├── LinkIdError             an order link id that the exchange would not accept
    ├── StoreError              the database cannot be used
    │   ├── StoreLocked         another process has it open
    │   ├── SchemaMismatch      it was written by another version of trueup
    │   ├── StoreUnavailable    it is busy or the disk is full: it may be usable in a moment
    │   ├── Fenced              another writer owns the monitor: this run is dropped
    │   ├── LeaseOver           another process owns the account: this one drops it
    │   └── Unstorable          a value of one monitor does not fit into its column
    ├── NotTaken                a sink did not take an alert; it stays in the outbox
    ├── NotAnswered             a running service gave a client no answer
    ├── LoopDied                the service has ended of a defect: a bug, please report it
    └── MachineError            the state machine refused an event: a bug, never a market event

Outcomes of orders are values (:mod:`trueup.domain.model.outcomes`), not exceptions.
"""

from datetime import timedelta


class TrueupError(Exception):
    """Base of all errors of trueup; says what happened and what to do.

    Args:
        message: one line for people, without secrets.
        account: name of the account concerned, if one is.
        symbol: the instrument concerned, if one is.
        order_link_id: the order concerned, if one is.
        code: the exchange's, if it answered with one.
    """

    def __init__(
        self,
        message: str,
        *,
        account: str | None = None,
        symbol: str | None = None,
        order_link_id: str | None = None,
        code: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.account = account
        self.symbol = symbol
        self.order_link_id = order_link_id
        self.code = code

    def __str__(self) -> str:
        """The message with the account, symbol, order and code it concerns."""
        named = (
            ("account", self.account),
            ("symbol", self.symbol),
            ("order", self.order_link_id),
            ("code", self.code),
        )
        known = ", ".join(f"{name} {value}" for name, value in named if value is not None)
        return f"{self.message} ({known})" if known else self.message


class ConfigurationError(TrueupError):
    """The configuration cannot be used; nothing was changed."""


class LadderError(ConfigurationError):
    """The ladder contradicts itself or the side of the position; nothing was changed."""


class StopError(ConfigurationError):
    """The stop contradicts itself, its ladder or the position's side; nothing was changed."""


class InstrumentError(ConfigurationError):
    """The exchange knows no such symbol; nothing was changed."""


class LinkIdError(TrueupError):
    """An order link id outside the form that the exchange accepts."""


class StoreError(TrueupError):
    """The database cannot be read or written; nothing may be sent to the exchange."""


class StoreLocked(StoreError):  # noqa: N818 - says the state, as FileExistsError does not
    """Another process has the database open for writing."""


class SchemaMismatch(StoreError):  # noqa: N818 - names the state of the database
    """The database is of another version: a newer one, or an older one opened for reading."""


class StoreUnavailable(StoreError):  # noqa: N818 - says the state of the database
    """The database cannot be written now, and may be in a moment: it is busy, the disk is full.

    Nothing of the write was kept, or all of it; it can be made again.
    """


class Fenced(StoreError):  # noqa: N818 - the term of the field
    """The monitor's version moved on: another writer owns it and this run is dropped."""


class LeaseOver(StoreError):  # noqa: N818 - says the state of the lease
    """The lease of the account's shard is over: another process owns the account, or soon will.

    The account is dropped. Nothing of it is read again and tried anew here: that would take away
    the fence from a process that was frozen while another one took its place.
    """


class Unstorable(StoreError):  # noqa: N818 - says what the value is
    """The database refuses a value; it is healthy, and nothing of that write was kept."""


class NotTaken(TrueupError):  # noqa: N818 - says what became of the alert
    """A sink did not take an alert, which stays in the outbox and is tried again.

    A sink may raise it instead of any other exception: its message, which holds no secret, is put
    on record and shown to people.

    Args:
        message: one line for people, without secrets.
        retry_after: for how long the sink asks to be left alone; None where it does not say.
        is_final: whether it will refuse every alert until a person mends something: the token is
            wrong, the chat does not exist.
    """

    def __init__(
        self, message: str, *, retry_after: timedelta | None = None, is_final: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.is_final = is_final


class NotAnswered(TrueupError):  # noqa: N818 - says what became of the request
    """A client got no answer from a service: none listens, it restarts, or it took too long.

    Args:
        message: why.
        command_id: of the command; give it again with this id to learn what became of it.
    """

    def __init__(self, message: str, *, command_id: str = "") -> None:
        super().__init__(message)
        self.command_id = command_id


class LoopDied(TrueupError):  # noqa: N818 - says what has happened
    """The thread that does all jobs has ended; a defect of trueup, please report it."""


class MachineError(TrueupError):
    """The chart refused an event; a defect of trueup, please report it."""
