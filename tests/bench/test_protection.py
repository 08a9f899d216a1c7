"""Quick runs of what is measured of stops: counts and quantities, never durations."""

from decimal import Decimal

from bench.measurement import QUICK
from bench.protection import PROTECTION
from bench.to_breakeven import TO_BREAKEVEN

SEED_REQUESTS = 4
"""It reads orders and position, cancels its stop, and places another."""


def test_no_write_of_ours_bares_a_position_and_a_resize_is_one_request() -> None:
    figures = {each.kind.name: each for each in PROTECTION.measure(QUICK, lambda: None)}
    bared = [each for name, each in figures.items() if name.startswith("unprotected by own")]
    assert [each.ours for each in bared] == [0, 0, 0]
    # The first entry has no stop before. Then 307.3 are bare for one request, and 46.1 after TP1.
    assert [each.baseline for each in bared] == [0, Decimal("30.73"), Decimal("4.61")]
    writes = figures["write requests, to protected, three entries more"]
    assert [writes.ours, writes.baseline] == [1, 10]
    waited = figures["time at 100 ms a request, to protected, three entries more"]
    assert [waited.ours, waited.baseline] == [0, 400]


def test_breakeven_takes_one_request_with_streams_and_four_by_the_old_sequence() -> None:
    figures = {each.kind.name: each for each in TO_BREAKEVEN.measure(QUICK, lambda: None)}
    requests = figures["requests on the wire"]
    assert [requests.ours, requests.baseline] == [1, SEED_REQUESTS]
