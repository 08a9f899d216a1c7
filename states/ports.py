"""The ports through which the states reach the world."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from ..domain.happenings.divergence import MainStands
from ..domain.model.alert import Alert
from ..domain.model.close.closing import CloseCommand
from ..domain.model.identity import MonitorKey
from ..domain.model.ladder import Ladder
from ..domain.model.record import MonitorRecord
from ..domain.ports import Clock, Exchange, Randomness, WhyHeld, never_held
from ..domain.tracking.unanswered import Unanswered


def _open() -> AbstractContextManager[WhyHeld]:
    """A gate that lets every write pass."""
    return nullcontext(never_held)


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports through which a run reaches the world.

    Attributes:
        main_ladder: the stored ladder of the main monitor that this one follows: its prices and
            shares, and nothing else of another account (promise P8).
        why_no_main_ladder: the reason, for people, where ``main_ladder`` returns None.
        commands: to close the monitor's position, oldest first, as of the beginning.
        main_stands: whether that main's position is open, and on which side; None: not known.
        wakes: the monitor's count of wakes now.
        last_alert: the monitor's newest alert, or None.
        log: writes one line for people; it gets the run's id and the line.
        barred: why no write of the account may leave; empty if it may.
        stopped: why no write of the monitor may leave: somebody has paused or halted it; empty if
            nobody has.
        is_stopped: whether somebody certainly has: not so where that could not be read.
        pause: pauses the monitor, for a reason.
        gate: the same as ``stopped``, asked right before each request of a write: until the context
            ends, what it let pass is under way, and whoever stops the monitor waits for that.
        is_rewritten: whether somebody else has written the monitor since that record: its user
            wants another ladder or stop, and the run's next commit is fenced off.
        unanswered: the monitor's amends that ended and may take effect all the same.
        waited: called after each wait: until then, the clock of a recorded run stands still.
        reach: called with the name of every crash point that the run reaches; does nothing outside
            of tests.
    """

    exchange: Exchange
    clock: Clock
    randomness: Randomness
    main_ladder: Callable[[MonitorKey, str], Ladder | None]
    wakes: Callable[[int], int]
    last_alert: Callable[[int], Alert | None]
    log: Callable[[str, str], None]
    barred: Callable[[], str] = lambda: ""
    stopped: Callable[[], str] = never_held
    is_stopped: Callable[[], bool] = lambda: False
    pause: Callable[[str], object] = lambda _reason: None
    gate: Callable[[], AbstractContextManager[WhyHeld]] = _open
    is_rewritten: Callable[[MonitorRecord], bool] = lambda _record: False
    unanswered: Unanswered = field(default_factory=Unanswered)
    reach: Callable[[str], None] = lambda _point: None
    waited: Callable[[], None] = lambda: None
    main_stands: Callable[[MonitorKey, str], MainStands | None] = lambda _key, _main: None
    commands: tuple[CloseCommand, ...] = ()
    why_no_main_ladder: Callable[[MonitorKey, str], str] = lambda _key, main: f"none of {main}"
