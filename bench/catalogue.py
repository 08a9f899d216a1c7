"""All measurements, in the table's sequence; a new one is a module and a line here."""

from collections.abc import Mapping

from .durable_commits import DURABLE_COMMITS
from .idle_pass import IDLE_PASS
from .machine import MACHINE
from .main_job import MAIN_JOB
from .measurement import Measurement

MEASUREMENTS: Mapping[str, Measurement] = {
    measurement.name: measurement for measurement in (MAIN_JOB, IDLE_PASS, DURABLE_COMMITS, MACHINE)
}
