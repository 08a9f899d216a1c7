"""Pauses, halts and resumes: what they concern, and which end which."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from trueup.domain.model.errors import ConfigurationError
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.stopping.control import (
    EVERYTHING,
    Control,
    ControlKind,
    Scope,
    ends,
    why_stopped,
)

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
KEY = MonitorKey("main", "BANDUSDT", Side.BUY)
MAIN, MONITOR = Scope("main"), Scope("main", "BANDUSDT", Side.BUY)


def control(kind: ControlKind, scope: Scope, number: int = 0) -> Control:
    return Control(kind, scope, NOON, "ann@host", "by hand", number)


def pause(scope: Scope, number: int = 1) -> Control:
    return control(ControlKind.PAUSE, scope, number)


@pytest.mark.parametrize("scope", [EVERYTHING, MAIN, MONITOR])
def test_a_pause_stops_what_it_names(scope: Scope) -> None:
    assert "paused by ann@host since 2026-01-31 12:00 UTC: by hand" in why_stopped(
        [pause(scope)], KEY
    )


@pytest.mark.parametrize(
    "scope",
    [Scope("mirror"), Scope("main", "BANDUSDT", Side.SELL), Scope("main", "BTCUSDT", Side.BUY)],
)
def test_a_pause_stops_nothing_else(scope: Scope) -> None:
    assert why_stopped([pause(scope)], KEY) == ""


def test_what_has_ended_stops_nothing() -> None:
    assert why_stopped([replace(pause(MAIN), ended_by=2)], KEY) == ""


def test_a_halt_is_named_before_a_pause() -> None:
    stops = [pause(MAIN), control(ControlKind.HALT, EVERYTHING, 2)]
    assert why_stopped(stops, KEY).startswith("all accounts are halted by ann@host")


@pytest.mark.parametrize(
    ("account", "symbol", "side"),
    [("", "BANDUSDT", Side.BUY), ("main", "BANDUSDT", None), ("main", "", Side.BUY)],
)
def test_a_part_of_a_monitor_names_nothing(account: str, symbol: str, side: Side | None) -> None:
    with pytest.raises(ConfigurationError, match="name a monitor by account, symbol and side"):
        Scope(account, symbol, side)


def test_a_resume_ends_the_pauses_within_its_scope() -> None:
    stops = [pause(MONITOR, 1), pause(MAIN, 2), pause(Scope("mirror"), 3)]
    assert ends(control(ControlKind.RESUME, MAIN), stops) == tuple(stops[:2])
    assert ends(control(ControlKind.RESUME, EVERYTHING), stops) == tuple(stops)


def test_a_resume_of_less_than_is_paused_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="`trueup resume main` ends that"):
        ends(control(ControlKind.RESUME, MONITOR), [pause(MAIN)])
    with pytest.raises(ConfigurationError, match="`trueup resume` ends that"):
        ends(control(ControlKind.RESUME, MAIN), [pause(EVERYTHING)])


@pytest.mark.parametrize("scope", [EVERYTHING, MAIN, MONITOR])
def test_nothing_but_a_resume_of_everything_ends_a_halt(scope: Scope) -> None:
    stops = [control(ControlKind.HALT, EVERYTHING, 1), pause(MONITOR, 2)]
    with pytest.raises(ConfigurationError, match="`trueup resume --all` ends that"):
        ends(control(ControlKind.RESUME, scope), stops)
    assert ends(control(ControlKind.RESUME_ALL, EVERYTHING), stops) == tuple(stops)


def test_a_pause_of_the_same_takes_the_place_of_the_one_before() -> None:
    stops = [pause(MAIN, 1), pause(MONITOR, 2), control(ControlKind.HALT, EVERYTHING, 3)]
    assert ends(control(ControlKind.PAUSE, MAIN), stops) == (stops[0],)
