"""Driving flows: performing what they ask for, in the calling thread."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from ...domain.flow import Flow, Wait
from ...domain.ports import Clock

_T = TypeVar("_T")
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Ended(Generic[_T]):
    """A flow has come to its end.

    Attributes:
        value: what it returned.
    """

    value: _T


def run_until_wait(flow: Flow[_T]) -> Wait | Ended[_T]:
    """Drives a flow in the calling thread until it waits or ends; called again, it goes on.

    Raises:
        BaseException: what the flow raises.
    """
    while True:
        try:
            needed = next(flow)
        except StopIteration as end:
            return Ended(end.value)
        if isinstance(needed, Wait):
            return needed
        needed.perform()


def run_flow(flow: Flow[_T], clock: Clock) -> _T:
    """Drives a flow to its end in the calling thread, which sleeps where the flow waits.

    Raises:
        BaseException: what the flow raises.
    """
    while isinstance(stop := run_until_wait(flow), Wait):
        clock.sleep(max(stop.until - clock.moment(), _NOTHING))
    return stop.value
