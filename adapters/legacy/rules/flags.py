"""The names of everything that can be wrong with a legacy state.

The first block has the names of the failure catalogue, as the collected states use them; the
second has the importer's own. A finding is a *conflict* if two things on record contradict each
other and the importer had to decide between them. The engine's first run repairs all others.
"""

from dataclasses import dataclass
from enum import StrEnum


class Flag(StrEnum):
    """What can be found wrong with a legacy state."""

    # the failure catalogue's
    LINK_NUMBER = "link_tp_number_differs_from_tp_number"
    SAME_LINK_NUMBER = "same_tp_number_in_several_links"
    LONG_LINK = "link_longer_than_36"
    NO_STOP_LOSS = "size_but_no_sl"
    NO_TAKE_PROFIT = "size_but_no_tp"
    TOO_MUCH = "tp_sum_exceeds_size"
    TOO_LITTLE = "tp_sum_below_size"
    BARE_ENTRY = "active_limit_without_details"
    NO_CHAT = "no_chat_id"
    FILL_NOT_COUNTED = "filled_tp_not_in_filled_tps"
    STALE_KEY = "dict_key_is_not_order_id"
    NO_PHASE = "no_phase"
    NO_TP1_HIT = "profit_taking_without_tp1_hit"
    FLOAT_PRICE = "float_price"
    NO_PRICE = "tp_without_price"
    MANY = "more_than_4_tps"
    OLD_KEY = "legacy_key_without_account"
    OTHER_PREFIX = "link_prefix_of_other_account"
    INVERTED = "ladder_inverted"
    STOP_FILLED = "sl_filled_but_size_left"
    LIST = "tp_orders_is_list"
    # the importer's
    LEVEL_CONFLICT = "link_level_differs_from_price_rank"
    STOP_AS_TP = "sl_recorded_as_tp"
    CONDITIONAL_TP = "conditional_take_profit"
    TP_AS_STOP = "tp_id_recorded_as_sl"
    OTHER_ACCOUNT = "order_of_other_account"
    FOREIGN = "foreign_order_recorded_as_tp"
    PSEUDO = "pseudo_order_recorded_as_tp"
    TWICE = "order_recorded_twice"
    FILLED = "filled_tp_on_record"
    ONE_PRICE = "several_tps_at_one_price"
    FLOAT_QUANTITY = "float_quantity"
    OFF_STEP = "quantity_off_step"
    OFF_TICK = "price_off_tick"
    LADDER_INVALID = "ladder_unusable"
    UNREADABLE = "unreadable_value"

    @property
    def is_conflict(self) -> bool:
        """Whether the importer had to decide between two contradictory things on record."""
        return self in _CONFLICTS


_CONFLICTS = frozenset(
    {
        Flag.OTHER_PREFIX,
        Flag.INVERTED,
        Flag.LEVEL_CONFLICT,
        Flag.STOP_AS_TP,
        Flag.CONDITIONAL_TP,
        Flag.TP_AS_STOP,
        Flag.OTHER_ACCOUNT,
        Flag.FOREIGN,
        Flag.PSEUDO,
        Flag.TWICE,
        Flag.LADDER_INVALID,
        Flag.UNREADABLE,
    }
)

NOT_IN_ROWS = frozenset({Flag.NO_CHAT, Flag.LIST})
"""What a row of collected states cannot show: it has no chat id, and its orders are a list."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a state.

    Attributes:
        detail: which orders or values, in a few words; empty if the flag says it all.
    """

    flag: Flag
    detail: str = ""
