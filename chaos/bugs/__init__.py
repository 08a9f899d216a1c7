"""Planted bugs, by what they get wrong, and the proof that the campaign catches every one."""

from .clocks import CLOCK_BUGS
from .controls import CONTROL_BUGS
from .keys import KEY_BUGS
from .market import MARKET_BUGS
from .new_positions import NEW_POSITION_BUGS
from .on_record import RECORD_BUGS
from .pending import PENDING_BUGS
from .planted import Bug
from .reading import READING_BUGS
from .rivals import RIVAL_BUGS
from .sinks import SINK_BUGS
from .stops.entries import ENTRY_BUGS
from .stops.protection import PROTECTION_BUGS
from .stops.stop_orders import STOP_ORDER_BUGS
from .streams import LISTENING_BUGS
from .writing import WRITING_BUGS

ALL_BUGS: tuple[Bug, ...] = (
    *WRITING_BUGS,
    *READING_BUGS,
    *RECORD_BUGS,
    *LISTENING_BUGS,
    *CLOCK_BUGS,
    *KEY_BUGS,
    *NEW_POSITION_BUGS,
    *RIVAL_BUGS,
    *PENDING_BUGS,
    *CONTROL_BUGS,
    *SINK_BUGS,
    *MARKET_BUGS,
    *PROTECTION_BUGS,
    *STOP_ORDER_BUGS,
    *ENTRY_BUGS,
)
