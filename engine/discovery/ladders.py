"""Which ladder a monitor of a found position would have, or why it would have none."""

from collections.abc import Sequence
from dataclasses import replace

from ...domain.model.errors import LadderError
from ...domain.model.ladder import Ladder
from ...domain.model.order import Order
from ...domain.model.record import MonitorRecord
from ...domain.model.stop import BY_RULE
from ...domain.recognition.adoption import ladder_of
from ...domain.venue.account import Account
from ..run.main_ladders import MainLadders
from .ownership import is_in_mode
from .result import FoundPosition

_LIVE = "live orders"
_UNWATCHED = "it was unwatched"


class LadderSources:
    """Finds ladders, from the same sources and in the same order as the state Recovering.

    Args:
        main_ladders: finds the ladder of a mirror's main account.
    """

    def __init__(self, main_ladders: MainLadders) -> None:
        self._main_ladders = main_ladders

    def add_to(
        self, found: FoundPosition, account: Account, record: MonitorRecord | None
    ) -> FoundPosition:
        """Adds the ladder on record, or the one to take over, or why there is none."""
        if record is not None and not record.is_watched:
            return replace(found, ladder=record.ladder, why_not=_UNWATCHED)
        if record is not None and record.ladder is not None:
            return replace(found, ladder=record.ladder, ladder_source=record.ladder_source)
        if record is not None and record.ladder_rule is not None:
            return replace(found, ladder_source=BY_RULE)
        return self._with_taken_over(found, account)

    def _with_taken_over(self, found: FoundPosition, account: Account) -> FoundPosition:
        position = found.position
        if found.orders is None:
            return replace(found, why_not="its orders could not be read")
        if not is_in_mode(position, account):
            mode = account.position_mode.value
            text = f"position index {position.position_index}: the account is not in mode {mode}"
            return replace(found, why_not=text)
        main = account.follows
        if main is not None and self._main_ladders.has_rule(found.key, main):
            return replace(found, ladder_source=main)  # The prices are those of its first run.
        ladder = None if main is None else self._main_ladders.of(found.key, main)
        if found.orders.adoptable:
            return _with_live(found, found.orders.adoptable, ladder)
        if ladder is not None:
            return _with_main(found, ladder, main or "")
        why = "no live TP orders to take over"
        if main is not None:
            why = f"{why}, {self._main_ladders.why_none(found.key, main)}"
        return replace(found, why_not=why)


def _with_live(found: FoundPosition, orders: Sequence[Order], main: Ladder | None) -> FoundPosition:
    try:
        ladder = ladder_of(orders, found.key.side, main)
    except LadderError as error:
        return replace(found, why_not=f"the live TP orders make no ladder: {error}")
    return replace(found, ladder=ladder, ladder_source=_LIVE)


def _with_main(found: FoundPosition, main: Ladder, name: str) -> FoundPosition:
    try:
        main.check_side(found.key.side, found.position.entry_price)
    except LadderError as error:
        return replace(found, why_not=f"the ladder of {name} does not fit: {error}")
    return replace(found, ladder=main, ladder_source=name)
