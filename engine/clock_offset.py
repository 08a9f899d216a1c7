"""How far the exchange's clock is from this machine's, where its adapter knows."""

from typing import Protocol, runtime_checkable

from ..domain.ports import Exchange


class _Offset(Protocol):
    @property
    def best_ms(self) -> int: ...


@runtime_checkable
class _KnowsItsClock(Protocol):
    """An exchange that knows how far its clock is from this machine's."""

    @property
    def clock_offset(self) -> _Offset | None: ...


def clock_offset_ms(exchange: Exchange) -> int | None:
    """The exchange's clock less this machine's; None before it was measured."""
    offset = exchange.clock_offset if isinstance(exchange, _KnowsItsClock) else None
    return None if offset is None else offset.best_ms
