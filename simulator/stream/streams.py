"""The private streams of all accounts: changes become messages, and messages go down the lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from ..base.ids import Ids
from ..base.stream_faults import Step, StreamFault, StreamFaultKind, StreamFaults
from ..market.changes import Change
from ..market.venue import Venue
from .delivery import Line, Outlet
from .publish import Teller
from .topics import Subscribed


class StreamRefused(ConnectionError):  # noqa: N818 - as the errors of the standard library
    """A stream that did not come about.

    Attributes:
        step: connect, auth or subscribe.
        text: the ret_msg.
        code: the HTTP status of a refused connection, 0 for a reset; the code of the close frame
            that follows a refused auth, None for none.
    """

    def __init__(self, step: Step, text: str, code: int | None = None) -> None:
        super().__init__(f"{step.value}: {text}")
        self.step = step
        self.text = text
        self.code = code


@dataclass(frozen=True, slots=True)
class StreamState:
    """A connection as it is.

    Attributes:
        uid: "" before its auth.
        topics: the names that are subscribed.
        sent: how many messages of topics went out.
        half_open: whether it has fallen silent for good.
    """

    conn_id: str
    uid: str
    topics: tuple[str, ...]
    sent: int
    half_open: bool


class Streams:
    """Listens to the changes of the venue. Everything here happens under its lock."""

    def __init__(self, venue: Venue, seed: str) -> None:
        self._venue = venue
        self._seed = seed
        self._ids = Ids(f"{seed}:stream")
        self._teller = Teller(venue, seed)
        self._opened = 0
        self._owned: dict[str, list[Line]] = {}
        self.faults = StreamFaults()
        self.lines: list[Line] = []
        venue.listeners.append(self.hear)

    def open(self, outlet: Outlet, uid: str = "") -> Line:
        """Connect a client.

        Raises:
            StreamRefused: if a fault refuses it.
        """
        met = self.faults.meet(self._venue.now(), Step.CONNECT, uid)
        if (refused := met.get(StreamFaultKind.REFUSED)) is not None:
            raise StreamRefused(Step.CONNECT, refused.told, refused.status)
        self._opened += 1
        chance = Random(f"{self._seed}:{self._opened}")  # noqa: S311 - no secret
        line = Line(self._venue, self.faults, outlet, self._ids.connection(), chance)
        self.lines.append(line)
        return line

    def close(self, line: Line) -> None:
        """Forget a line: its client is gone."""
        line.gone = True
        for lines in (self.lines, self._owned.get(line.uid, [])):
            if line in lines:
                lines.remove(line)
        if not self._owned.get(line.uid):
            self._owned.pop(line.uid, None)

    def authenticate(self, line: Line, uid: str) -> None:
        """Make an account the owner of a line.

        Raises:
            StreamRefused: if a fault refuses it; with a code, the line is cut after the reply.
        """
        met = self.faults.meet(self._venue.now(), Step.AUTH, uid)
        if (failed := met.get(StreamFaultKind.AUTH_FAILED)) is not None:
            raise StreamRefused(Step.AUTH, failed.told, failed.code)
        line.uid = uid
        owned = self._owned.setdefault(uid, [])
        if line not in owned:
            owned.append(line)

    def subscribe(self, line: Line, topics: Sequence[Subscribed]) -> None:
        """Subscribe a line.

        Raises:
            StreamRefused: if a fault refuses it.
        """
        names = {asked.topic.value for asked in topics}
        met = self.faults.meet(self._venue.now(), Step.SUBSCRIBE, line.uid, names)
        if (failed := met.get(StreamFaultKind.SUBSCRIBE_FAILED)) is not None:
            raise StreamRefused(Step.SUBSCRIBE, failed.told)
        line.subscribe(topics)

    def inject(self, fault: StreamFault) -> None:
        """Put a rule in force, or do at once what is to be done at once."""
        if not fault.is_immediate:
            self.faults.add(fault, self._venue.now())
            return
        for line in [line for line in self.lines if fault.uid in {"", line.uid}]:
            if fault.kind is StreamFaultKind.DROP:
                line.cut(fault.code)
            else:
                line.freeze()

    def states(self) -> tuple[StreamState, ...]:
        """The connections, oldest first."""
        return tuple(
            StreamState(
                line.conn_id,
                line.uid,
                tuple(asked.name for asked in line.asked),
                line.sent,
                line.frozen,
            )
            for line in self.lines
            if not line.gone
        )

    def hear(self, changes: Sequence[Change]) -> None:
        """Tell the lines what an effect did, in its order."""
        messages = self._teller.messages(changes, self._owned)
        for uid in dict.fromkeys(message.uid for message in messages):
            for line in list(self._owned[uid]):
                for message in messages:
                    if message.uid == uid:
                        line.offer(message)
                line.settle()
