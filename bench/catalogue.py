"""All measurements, in the order of the table; a new one takes a module and a line here."""

from collections.abc import Mapping
from importlib.util import find_spec

from .by_ccxt import BY_CCXT
from .campaign import CAMPAIGN
from .counts import COUNTS
from .crowd import CROWD
from .durable_commits import DURABLE_COMMITS
from .fan_out import FAN_OUT
from .fan_out_canned import FAN_OUT_CANNED
from .growth import GROWTH_OF_COST
from .held import HELD
from .idle import IDLE
from .idle_pass import IDLE_PASS
from .imports import IMPORTS
from .isolation import ISOLATION
from .long_journal import LONG_JOURNAL
from .long_use import LONG_USE
from .machine import MACHINE
from .main_job import MAIN_JOB
from .measurement import Measurement
from .pages import PAGES
from .protection import PROTECTION
from .replays import REPLAYS
from .restart import RESTART
from .stores import STORES
from .storm import STORM
from .time_to_true import TIME_TO_TRUE
from .to_breakeven import TO_BREAKEVEN
from .to_phone import TO_PHONE

MEASUREMENTS: Mapping[str, Measurement] = {
    measurement.name: measurement
    for measurement in (
        MAIN_JOB,
        *((BY_CCXT,) if find_spec("ccxt") else ()),
        TIME_TO_TRUE,
        PROTECTION,
        TO_BREAKEVEN,
        *((TO_PHONE,) if find_spec("apprise") else ()),
        FAN_OUT,
        FAN_OUT_CANNED,
        COUNTS,
        STORM,
        ISOLATION,
        CROWD,
        HELD,
        IDLE,
        RESTART,
        GROWTH_OF_COST,
        IDLE_PASS,
        PAGES,
        LONG_JOURNAL,
        LONG_USE,
        REPLAYS,
        DURABLE_COMMITS,
        STORES,
        MACHINE,
        IMPORTS,
        CAMPAIGN,
    )
}
