"""Stops and ladders of a file become values of the library; templates stand for what they name."""

import doctest
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from trueup import ConfigurationError, Ladder
from trueup.cli.configuration import templates
from trueup.cli.configuration.checking.checks import auto_watch_of
from trueup.cli.configuration.loading import Loaded, load
from trueup.cli.configuration.schema import MonitorSection
from trueup.domain.model.stop import (
    NO_STOP,
    AutoWatch,
    Breakeven,
    CancelEntries,
    RuleLadder,
    Stop,
    Trailing,
)

from ..desk import reasons

ACCOUNTS = """
[accounts.main]
environment = "testnet"
api_key_env = "MAIN_KEY"
api_secret_env = "MAIN_SECRET"

[accounts.mirror]
role = "mirror"
follows = "main"
environment = "testnet"
api_key_env = "MIRROR_KEY"
api_secret_env = "MIRROR_SECRET"
"""
TEMPLATES = """
[stops.near]
percent = 1

[ladders.swing]
levels = [{percent = 2, share = 50}, {percent = "4.5", share = 50}]
basis = "average"
stop = "near"

[ladders.fixed]
levels = [{price = "0.72", share = 100}]
"""


def monitor(folder: Path, lines: str, account: str = "main") -> MonitorSection:
    """The monitor of a file that has these lines in it."""
    path = folder / "trueup.toml"
    head = f'[[monitors]]\naccount = "{account}"\nsymbol = "BANDUSDT"\nside = "Buy"\n'
    path.write_text(f"{ACCOUNTS}{TEMPLATES}{head}{lines}", encoding="utf-8")
    return load(path).options.monitors[0]


def test_false_takes_the_stop_off_even_that_of_the_ladder(tmp_path: Path) -> None:
    """No option leaves the stored one."""
    assert monitor(tmp_path, "stop = false").wanted_stop is NO_STOP
    assert monitor(tmp_path, 'ladder = "swing"\nstop = false').wanted_stop is NO_STOP
    assert monitor(tmp_path, "").wanted_stop is None


@pytest.mark.parametrize("value", ["true", "0", '"none"'])
def test_nothing_else_does(value: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="stop"):
        monitor(tmp_path, f"stop = {value}")


def test_stops_are_adopted_where_the_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "trueup.toml"
    path.write_text(f"{ACCOUNTS}[recognition]\nadopt_stops = true\n", encoding="utf-8")
    assert load(path).options.settings.recognition.adopt_stops


def test_a_stop_with_everything(tmp_path: Path) -> None:
    section = monitor(
        tmp_path,
        """
        [monitors.stop]
        percent = "1.5"
        breakeven = {after_level = "TP1", offset = 0.08}
        moving_target = 2
        behind_target = 0.5
        trailing = {distance = "0.01", activation = 0.8}
        trigger_by = "mark"
        on_crossed = "close"
        follow_average = true
        close_after_hours = 1.5
        cancel_entries = ["BOT_*_LIMIT*", "MY_*"]
        cancel_entries_on = "TP2"
        """,
    )
    assert section.wanted_stop == Stop.of(
        percent="1.5",
        breakeven=Breakeven.of(after_level=1, offset="0.08"),
        moving_target=2,
        behind_target="0.5",
        trailing=Trailing.of(distance="0.01", activation="0.8"),
        trigger_by="mark",
        on_crossed="close",
        follow_average=True,
        close_after=timedelta(minutes=90),
        cancel_entries=CancelEntries(("BOT_*_LIMIT*", "MY_*"), 2),
    )


def test_breakeven_by_the_real_fees(tmp_path: Path) -> None:
    section = monitor(
        tmp_path, 'stop = {percent = 2, breakeven = {after_level = "TP1", offset = "fees"}}'
    )
    even = Breakeven.of(after_level=1, offset="fees")
    assert even.fees
    assert section.wanted_stop == Stop.of(percent=2, breakeven=even)


def test_a_file_without_a_stop_wants_none(tmp_path: Path) -> None:
    section = monitor(tmp_path, "")
    assert (section.wanted_stop, section.wanted, section.wanted_by_rule) == (None, None, None)


def test_a_stop_by_its_name(tmp_path: Path) -> None:
    assert monitor(tmp_path, 'stop = "near"').wanted_stop == Stop.of(percent=1)


def test_a_ladder_by_its_name_comes_with_its_stop(tmp_path: Path) -> None:
    section = monitor(tmp_path, 'ladder = "swing"')
    assert section.wanted is None
    assert section.wanted_by_rule == RuleLadder.of((2, 50), ("4.5", 50), basis="average")
    assert section.wanted_stop == Stop.of(percent=1)
    own = monitor(tmp_path, 'ladder = "swing"\nstop = {price = "0.60"}')
    assert own.wanted_stop == Stop.of(price="0.60")
    fixed = monitor(tmp_path, 'ladder = "fixed"')
    assert (fixed.wanted, fixed.wanted_stop) == (Ladder.of(("0.72", 100)), None)


def test_a_ladder_in_r(tmp_path: Path) -> None:
    levels = "ladder = [{r = 1.5, share = 60}, {r = 3, share = 40}]"
    made = RuleLadder.of((Decimal("1.5"), 60), (3, 40), unit="r")
    assert monitor(tmp_path, f'{levels}\nstop = "near"').wanted_by_rule == made
    # A mirror has its main's stop.
    assert monitor(tmp_path, levels, account="mirror").wanted_by_rule == made


def test_the_example_of_the_templates() -> None:
    result = doctest.testmod(templates)
    assert (result.failed, result.attempted) == (0, 1)


def test_the_environment_may_name_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "TRUEUP_MONITORS",
        '[{"account": "main", "symbol": "BANDUSDT", "side": "Sell", "stop": "near"}]',
    )
    assert monitor(tmp_path, "").wanted_stop == Stop.of(percent=1)


LEVELS = "ladder = [{price = '0.72', share = 100}]\n"
HELD_BACK = (
    "stop time-outs and candle-close stops are refused, as the stop would not be on the exchange"
)
NO_TRAILING = (
    "stop: the ladder leaves 20 % to a runner, which has no TP order, and no trailing stop is "
    "wanted: give a stop with trailing, such as trailing = {percent = 1}, or levels whose shares "
    "sum to 100 (main BANDUSDT Buy)"
)
MISTAKES = {
    "a stop that starts nowhere": (
        "stop = {moving_target = 1}",
        (
            "stop: a stop needs a price or a percent to start from, or a trailing stop that "
            "starts at once: else the position has none at first"
        ),
    ),
    "two starts": (
        "stop = {price = 1, percent = 2}",
        "stop: a stop starts at a price or at a percent from the entry, not at both",
    ),
    "no number": (
        "stop = {percent = true}",
        "stop.percent: it must be a number, or a string that holds one",
    ),
    "not finite": ("stop = {percent = nan}", "stop.percent: Input should be a finite number"),
    "too wide": ("stop = {percent = 100}", "stop: the stop's percent must be below 100, not 100"),
    "an unknown option": ("stop = {percent = 2, step = 1}", "stop.step: there is no such option"),
    "a stop that is no table": ("stop = 2", "stop: it must be a table"),
    "a stop that nobody has given": ('stop = "far"', "stop: there is no [stops.far]"),
    "a stop time-out": (
        "stop = {percent = 2, timeout_seconds = 60}",
        f"stop: timeout_seconds: {HELD_BACK}",
    ),
    "a candle-close stop": (
        'stop = {percent = 2, candle_close = "1h"}',
        f"stop: candle_close: {HELD_BACK}",
    ),
    "a stop at the close": (
        'stop = {percent = 2, trigger_by = "close"}',
        f"stop: trigger_by: {HELD_BACK}",
    ),
    "an unknown trigger": (
        'stop = {percent = 2, trigger_by = "bid"}',
        "stop.trigger_by: Input should be 'last', 'mark' or 'index'",
    ),
    "breakeven at no time": (
        "stop = {percent = 2, breakeven = {offset = 0.08}}",
        "stop.breakeven: breakeven needs after_level, such as 1 for TP1, or after_percent",
    ),
    "an offset that is none": (
        'stop = {percent = 2, breakeven = {after_level = "TP1", offset = "costs"}}',
        'stop.breakeven.offset: it must be a number, in per cent, or "fees"',
    ),
    "a level that is none": (
        'stop = {percent = 2, breakeven = {after_level = "first"}}',
        'stop.breakeven.after_level: it must be a level, such as "TP1"',
    ),
    "trailing by nothing": (
        "stop = {percent = 2, trailing = {}}",
        "stop.trailing: trailing needs either a distance or a percent, and not both",
    ),
    "entries that are not named": (
        'stop = {percent = 2, cancel_entries_on = "TP1"}',
        (
            "stop: cancel_entries_on needs cancel_entries: the pattern of their link ids, such as "
            "BOT_*_LIMIT*"
        ),
    ),
    "all entries": (
        'stop = {percent = 2, cancel_entries = "*"}',
        "stop: the pattern of entries to cancel must name link ids, such as BOT_*_LIMIT*, not '*'",
    ),
    "no entry at all": (
        "stop = {percent = 2, cancel_entries = []}",
        "stop: entries to cancel need a pattern of their link ids",
    ),
    "orders of trueup's own": (
        'stop = {percent = 2, cancel_entries = "BOT_*"}',
        (
            "stop: the pattern 'BOT_*' of entries to cancel names TP orders, stops or closes of "
            "trueup's own, too, such as BOT_TP1_BANDUSDT_1737809937842_7432: it must name "
            "entries alone, such as BOT_*_LIMIT*"
        ),
    ),
    "no time": (
        "stop = {percent = 2, close_after_hours = 0}",
        "stop.close_after_hours: Input should be greater than 0",
    ),
    "a stop beyond the ladder": (
        f"{LEVELS}stop = {{price = '0.80'}}",
        (
            "stop: the stop at 0.8 is beyond every level of the Buy ladder: it belongs on the "
            "other side of the entry (main BANDUSDT Buy)"
        ),
    ),
    "a rule that waits for no level": (
        f"{LEVELS}stop = {{percent = 2, moving_target = 2}}",
        "stop: a rule of the stop waits for TP2, but the ladder has 1 level (main BANDUSDT Buy)",
    ),
    "the same of a ladder by rule": (
        'ladder = "swing"\nstop = {percent = 2, moving_target = 3}',
        "stop: a rule of the stop waits for TP3, but the ladder has 2 levels (main BANDUSDT Buy)",
    ),
    "r of nothing": (
        "ladder = [{r = 1, share = 100}]",
        (
            "stop: a ladder in r needs a stop with a price or a percent: r is the distance to it "
            "(main BANDUSDT Buy)"
        ),
    ),
    "a level without a place": (
        "ladder = [{share = 100}]",
        "ladder: TP1 needs one of price, percent and r, and has none",
    ),
    "a level with two places": (
        "ladder = [{price = 1, r = 1, share = 100}]",
        "ladder: TP1 needs one of price, percent and r, and has price and r",
    ),
    "levels of two kinds": (
        "ladder = [{percent = 1, share = 50}, {r = 2, share = 50}]",
        "ladder: all levels of a ladder are of one kind, these are in percent and r",
    ),
    "shares that are not whole": (
        "ladder = [{percent = 1, share = 99}]",
        "ladder: the shares sum to 99 %, not 100 %",
    ),
    "a runner without a stop": (
        "ladder = [{price = 102, share = 80}, {runner = 20}]",
        NO_TRAILING,
    ),
    "a runner beside a stop that does not trail": (
        "ladder = [{percent = 1, share = 80}, {runner = 20}]\nstop = {percent = 2}",
        NO_TRAILING,
    ),
    "a runner that is not the last": (
        "ladder = [{runner = 20}, {price = 102, share = 80}]",
        "ladder: only the last level of a ladder may be a runner",
    ),
    "a runner alone": (
        "ladder = [{runner = 100}]",
        "ladder: a ladder has 1 to 20 levels, not 0",
    ),
    "a runner with a price": (
        "ladder = [{price = 102, share = 80}, {price = 104, runner = 20}]",
        "ladder: a runner has no price and no other share: {runner = 20} is all of it",
    ),
    "a runner of nothing": (
        "ladder = [{price = 102, share = 100}, {runner = 0}]",
        "ladder: the runner's share must be above 0; leave it out for none",
    ),
    "a runner that is too large": (
        "ladder = [{price = 102, share = 80}, {runner = 30}]",
        "ladder: the shares sum to 110 %, not 100 %, the runner's 30 % among them",
    ),
    "a basis of prices": (
        f'{LEVELS}basis = "average"',
        ": a basis belongs to a ladder whose levels are in percent or r",
    ),
    "a basis of nothing": (
        'basis = "average"',
        ": a basis belongs to a ladder whose levels are in percent or r",
    ),
}


@pytest.mark.parametrize(
    ("levels", "ladder"),
    [
        ("{price = 102, share = 80}", Ladder.of((102, 80), runner=20)),
        ("{percent = 2, share = 80}", RuleLadder.of((2, 80), runner=20)),
    ],
)
def test_the_last_level_may_be_a_runner(
    tmp_path: Path, levels: str, ladder: Ladder | RuleLadder
) -> None:
    trails = "stop = {trailing = {percent = 1}}"
    section = monitor(tmp_path, f"ladder = [{levels}, {{runner = 20}}]\n{trails}")
    assert section.given_ladder == ladder


@pytest.mark.parametrize(("lines", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_says_where_it_is(tmp_path: Path, lines: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as mistake:
        monitor(tmp_path, lines)
    place = "monitors[0]" if says.startswith(":") else "monitors[0]."
    assert reasons(mistake.value.message) == f"{tmp_path / 'trueup.toml'}: {place}{says}"


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("[stops.bad]\npercent = 2\nsize = 3", "stops.bad.size: there is no such option"),
        ("[ladders.bad]\nlevels = 'swing'", "ladders.bad.levels: it must be a list"),
        ("[ladders.bad]\nlevels = [{r = 0, share = 100}]", "ladders.bad.levels: TP1's r must be"),
        ("[ladders.bad]\nbasis = 'average'", "ladders.bad.levels: it is missing"),
        ("[ladders]\nbad = 3", "ladders.bad: it must be a table"),
    ],
)
def test_a_mistake_of_a_template_is_the_templates(tmp_path: Path, template: str, says: str) -> None:
    path = tmp_path / "trueup.toml"
    path.write_text(f"{ACCOUNTS}{template}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as mistake:
        load(path)
    assert reasons(mistake.value.message).startswith(f"{path}: {says}")


def with_auto_watch(folder: Path, name: str) -> Loaded:
    """A file whose main account has that template for new positions."""
    path = folder / "trueup.toml"
    accounts = ACCOUNTS.replace('"MAIN_SECRET"', f'"MAIN_SECRET"\nauto_watch = "{name}"')
    fixed = "[ladders.priced]\nlevels = [{percent = 2, share = 100}]\nstop = {price = 1}\n"
    path.write_text(f"{accounts}{TEMPLATES}{fixed}", encoding="utf-8")
    return load(path)


def test_positions_to_come_have_the_ladder_and_the_stop_of_a_template(tmp_path: Path) -> None:
    options = with_auto_watch(tmp_path, "swing").options
    ladder = RuleLadder.of((2, 50), ("4.5", 50), basis="average")
    of_accounts = [auto_watch_of(options, options.accounts[name]) for name in ("main", "mirror")]
    assert of_accounts == [AutoWatch(ladder, Stop.of(percent=1)), None]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("near", "there is no [ladders.near]"),
        ("fixed", "the levels of [ladders.fixed] are prices: give them in percent or r"),
        ("priced", "the stop of positions to come has no prices: give it in percent"),
    ],
)
def test_a_template_that_fits_none_to_come_is_refused(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(f" accounts.main.auto_watch: {says}")):
        with_auto_watch(tmp_path, name)
