"""Quick runs of jobs in real time, the exchange in another process: counts, never durations.

Of those that are not here even a quick run is long; they are made of the same parts.
"""

from collections.abc import Mapping

from bench.measurement import QUICK, Figure, Measurement
from bench.storm import STORM
from bench.time_to_true import TIME_TO_TRUE
from bench.to_phone import TO_PHONE

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


def test_the_phone_has_the_message_of_a_mirrors_fill() -> None:
    figures = _taken(TO_PHONE)
    assert [figure.kind.unit for figure in figures.values()] == ["s", "s"]
    assert all(figure.target and figure.target.text == "≤ 2 s" for figure in figures.values())
    assert 0 < figures["time to the phone, p50"].ours <= figures["time to the phone, p99"].ours


def test_a_storm_writes_every_order_once_and_is_never_refused() -> None:
    figures = _taken(STORM)
    assert figures["orders written"].ours == QUICK.storm * 4
    assert figures["refused with 10006"].ours == 0
