"""Replays one recorded pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from ...domain.flow import Flow, Wait
from ...domain.model.identity import PositionMode
from ...domain.ports import Exchange
from ...domain.recording.codec import Json
from ...domain.store import RunStore, Step
from ...domain.tracking.unanswered import Unanswered
from ...domain.venue.exchange_facts import Lateness, LinkIdForm
from ...states.ports import Ports
from ..randomness import SystemRandomness
from ..recording.base import BASE, Base
from ..recording.playing import Ended, Parted, Playing, Stopped
from ..recording.taped import TapedStore, taped
from ..run.outage import Outage
from ..run.report import RunReport
from ..run.stepper import run_to_idle


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded pass.

    Attributes:
        base: what it started from.
        entries: what it learned, in sequence.
    """

    base: Base
    entries: tuple[Json, ...]

    @classmethod
    def of(cls, items: Sequence[Json]) -> "Recorded":
        """The pass of which these are the items.

        Raises:
            ValueError: they are of none.
        """
        if not items:
            raise ValueError("there is no base")
        return cls(BASE.read(items[0]), tuple(items[1:]))


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the present code makes of a recorded pass.

    Attributes:
        steps: what it commits.
        parted: where it asks for something else than the recorded run; None where it never does.
        is_cut_off: whether the record ends before the run does, as where the process died.
    """

    steps: tuple[Step, ...]
    parted: Parted | None
    is_cut_off: bool


def replay(recorded: Recorded) -> Replayed:
    """Replays a pass.

    It ends early where the run asks for something that the recorded one did not ask for: nobody
    knows what the exchange would have answered.
    """
    base, tape = recorded.base, Playing(recorded.base, recorded.entries)
    flow = run_to_idle(
        TapedStore(cast("RunStore", None), tape),
        Outage(tape),
        base.record,
        taped(_ports(base, tape), tape),
        base.settings,
        base.reason,
    )
    stopped = _driven(flow, tape)
    parted = stopped if isinstance(stopped, Parted) else None
    return Replayed(tuple(tape.steps), parted, isinstance(stopped, Ended))


@dataclass(frozen=True, slots=True)
class _Facts:
    """All of an exchange that no run asks for: what else there is, the tape answers."""

    account: str
    position_mode: PositionMode
    lateness: Lateness
    link_ids: LinkIdForm


def _ports(base: Base, tape: Playing) -> Ports:
    """Ports of which none is asked: the tape answers."""
    facts = _Facts(base.record.key.account, base.position_mode, base.lateness, base.link_ids)
    return Ports(
        exchange=cast("Exchange", facts),
        clock=tape,
        randomness=SystemRandomness(),
        main_ladder=lambda _key, _main: None,
        wakes=lambda _monitor: 0,
        last_alert=lambda _monitor: None,
        log=lambda _run, _text: None,
        unanswered=Unanswered(base.unanswered),
        commands=base.commands,
    )


def _driven(flow: Flow[RunReport], tape: Playing) -> Stopped | None:
    """Drives the run to its end; returns why it could not come to it."""
    try:
        for needed in flow:
            if not isinstance(needed, Wait):
                needed.perform()
                if tape.stopped is not None:
                    return tape.stopped
    except Stopped as stopped:
        return stopped
    finally:
        flow.close()
    return None
