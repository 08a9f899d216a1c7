"""Quick runs of jobs in real time, the exchange in another process: counts, never durations.

Of those that are not here even a quick run is long; they are made of the same parts.
"""

from collections.abc import Mapping

from bench.measurement import QUICK, Figure, Measurement
from bench.storm import STORM
from bench.time_to_true import TIME_TO_TRUE

SEED_REQUESTS = 10
"""Two reads, then a cancel and a place for each of four levels."""


def _taken(measurement: Measurement) -> Mapping[str, Figure]:
    return {figure.kind.name: figure for figure in measurement.measure(QUICK, lambda: None)}


def test_a_fill_takes_one_request_with_streams_and_ten_by_the_old_sequence() -> None:
    figures = _taken(TIME_TO_TRUE)
    requests = figures["requests on the wire, streams"]
    assert requests.ours == 1
    assert requests.baseline == SEED_REQUESTS
    assert requests.is_met
    naked = figures["naked by own writes, streams"]
    assert naked.baseline is not None
    assert 0 == naked.ours < naked.baseline
    assert figures["naked by own writes, a sweep every 0.1 s"].ours == 0


def test_a_storm_writes_every_order_once_and_is_never_refused() -> None:
    figures = _taken(STORM)
    assert figures["orders written"].ours == QUICK.storm * 4
    assert figures["refused with 10006"].ours == 0
