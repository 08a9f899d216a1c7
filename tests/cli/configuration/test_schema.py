"""What a configuration's values become: exact numbers, defaults, the environment."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from trueup import (
    Adopt,
    ConfigurationError,
    Contradiction,
    Ladder,
    Lateness,
    LoopSettings,
    Recognition,
    ReplaceMode,
    Role,
    RunSettings,
)
from trueup.adapters.bybit import BybitSettings, Transport
from trueup.cli.configuration.loading import load

from ..desk import KEYS, Desk

MINIMAL = """
[accounts.main]
environment = "testnet"
api_key_env = "MAIN_KEY"
api_secret_env = "MAIN_SECRET"

[[monitors]]
account = "main"
symbol = "BANDUSDT"
side = "Sell"
"""


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys, in the test's own environment."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


def minimal(folder: Path, *extra: str) -> Path:
    path = folder / "trueup.toml"
    path.write_text("\n".join((*extra, MINIMAL)), encoding="utf-8")
    return path


def test_a_toml_float_is_the_decimal_that_was_written(lone: Desk) -> None:
    lone.write(("price = 0.7400", "price = 0.74000000000000000001"), ("share = 85", "share = 85.0"))
    with pytest.raises(Exception, match=r"monitors\[0\]\.ladder\[1\]\.price"):
        load(lone.config)
    lone.write(("price = 0.7400", "price = 0.740000000000000001"), ("share = 85", "share = 85.0"))
    ladder = load(lone.config).options.monitors[0].wanted
    assert ladder is not None
    assert ladder.levels[1].price == Decimal("0.740000000000000001")


def test_numbers_may_be_strings_floats_or_integers(lone: Desk) -> None:
    first, second = load(lone.config).options.monitors
    assert first.wanted == Ladder.of(("0.72", 85), ("0.74", 5), ("0.76", 5), ("0.8", 5))
    assert second.wanted is None


def test_the_defaults_are_those_of_the_library(tmp_path: Path) -> None:
    loaded = load(minimal(tmp_path))
    assert loaded.options.engine.settings == RunSettings()
    assert loaded.options.engine.loop == LoopSettings()
    assert loaded.options.store.url == "sqlite:///trueup.db"


def test_budgets_are_seconds(tmp_path: Path) -> None:
    engine = """[engine]
replace = "cancel"
read_budget_seconds = 1.5
grace_seconds = "7"
decided_within_seconds = 9
pause_seconds = 0.001
max_rounds = 3
max_requests = 60
retry_after_seconds = 2
retry_cap_seconds = 60
contest_changes = 4
contest_window_seconds = 300
contest_pause_seconds = 20
contest_cap_seconds = 120
requests_late_seconds = 10
reads_late_seconds = 30"""
    section = load(minimal(tmp_path, engine)).options.engine
    assert section.lateness == Lateness(timedelta(seconds=10), timedelta(seconds=30))
    assert section.settings == RunSettings(
        replace=ReplaceMode.CANCEL,
        read_budget=timedelta(seconds=1.5),
        grace=timedelta(seconds=7),
        decided_within=timedelta(seconds=9),
        pause=timedelta(milliseconds=1),
        max_rounds=3,
        max_requests=60,
        retry_after=timedelta(seconds=2),
        retry_cap=timedelta(minutes=1),
        contest_changes=4,
        contest_window=timedelta(minutes=5),
        contest_pause=timedelta(seconds=20),
        contest_cap=timedelta(minutes=2),
    )


@pytest.mark.parametrize("transport", [each.value for each in Transport])
def test_what_sends_the_requests(tmp_path: Path, transport: str) -> None:
    assert load(minimal(tmp_path)).options.engine.transport == BybitSettings().transport
    section = f'[engine]\ntransport = "{transport}"'
    assert load(minimal(tmp_path, section)).options.engine.transport == transport


@pytest.mark.usefixtures("keys")
def test_keys_come_from_the_variables_that_are_named(lone: Desk) -> None:
    main, mirror = load(lone.config).accounts()
    assert (main.api_key, main.api_secret) == (KEYS["MAIN_KEY"], KEYS["MAIN_SECRET"])
    assert (mirror.role, mirror.follows) == (Role.MIRROR, "main")
    assert KEYS["MIRROR_SECRET"] not in repr(mirror)


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUEUP_STORE__URL", f"sqlite:///{tmp_path}/other.db")
    monkeypatch.setenv("TRUEUP_ENGINE__INTERVAL_SECONDS", "3")
    options = load(minimal(tmp_path, '[store]\nurl = "sqlite:///mine.db"')).options
    assert options.store.url.endswith("/other.db")
    assert options.engine.loop.interval == timedelta(seconds=3)


def test_the_rules_of_recognition(tmp_path: Path) -> None:
    assert load(minimal(tmp_path)).options.settings == RunSettings()
    section = """[recognition]
adopt = "never"
families = ["setup", "adjusted"]
contradiction = "live"
"""
    assert load(minimal(tmp_path, section)).options.settings.recognition == Recognition(
        Adopt.NEVER, ("setup", "adjusted"), Contradiction.LIVE
    )


def test_a_family_that_is_not_known_is_a_mistake(tmp_path: Path) -> None:
    path = minimal(tmp_path, '[recognition]\nfamilies = ["manual"]')
    known = "rebalance, setup, adjusted, trade group, other engine, repair script"
    with pytest.raises(
        ConfigurationError,
        match=f"recognition.families: unknown id family 'manual'; known families are {known}",
    ):
        load(path)
