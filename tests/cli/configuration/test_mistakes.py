"""Every mistake in a configuration is one line on stderr, exit code 2, and nothing is sent."""

from decimal import Decimal
from pathlib import Path

import pytest

from trueup.simulator import Simulator

from ..desk import LADDER, MAIN, MIRROR, Desk, reasons

DUPLICATE = """[[monitors]]
account = "main"
symbol = "BANDUSDT"
side = "Buy"
"""

MISTAKES = {
    "99 %": (
        "share = 85",
        "share = 84",
        "monitors[0].ladder: the shares sum to 99 %, not 100 %",
    ),
    "101 %": (
        "share = 85",
        "share = 86",
        "monitors[0].ladder: the shares sum to 101 %, not 100 %",
    ),
    "negative price": (
        '"0.7200"',
        "-0.72",
        "monitors[0].ladder: TP1's price must be above 0, not -0.72",
    ),
    "two levels at one price": (
        "0.7400",
        '"0.7200"',
        "monitors[0].ladder: two levels have the same price",
    ),
    "prices that turn": (
        "0.7400",
        "0.7900",
        (
            "monitors[0].ladder: the prices must run one way: each level farther from the entry "
            "than the one before"
        ),
    ),
    "no number": (
        '"0.7200"',
        '"cheap"',
        "monitors[0].ladder[0].price: Input should be a valid decimal",
    ),
    "not finite": (
        '"0.7200"',
        "inf",
        "monitors[0].ladder[0].price: Input should be a finite number",
    ),
    "true as a price": (
        '"0.7200"',
        "true",
        "monitors[0].ladder[0].price: it must be a number, or a string that holds one",
    ),
    "empty ladder": (
        LADDER,
        "ladder = []",
        "monitors[0].ladder: a ladder has 1 to 20 levels, not 0",
    ),
    "a ladder that is no list": (
        LADDER,
        "ladder = 3",
        "monitors[0].ladder: it must be a list",
    ),
    "a ladder that nobody has given": (
        LADDER,
        'ladder = "steep"',
        "monitors[0].ladder: there is no [ladders.steep]",
    ),
    "an account that is no table": (
        "[accounts.main]",
        "[accounts]\nother = 1\n[accounts.main]",
        "accounts.other: it must be a table",
    ),
    "missing share": (
        ", share = 85",
        "",
        "monitors[0].ladder: TP1 has no share",
    ),
    "unknown option of a level": (
        "share = 85",
        "share = 85, size = 3",
        "monitors[0].ladder[0].size: there is no such option",
    ),
    "unknown option of an account": (
        'role = "main"',
        'role = "main"\napi_key = "main-key-Qx71"',
        (
            "accounts.main.api_key: keys are never in the file: it names the environment variable "
            "that has the key"
        ),
    ),
    "unknown section": (
        "[store]",
        "[shop]",
        "shop: there is no such option",
    ),
    "option of a setting that is none of ours": (
        "[store]",
        "_env_file = '.env'\n[store]",
        "_env_file: there is no such option",
    ),
    "unknown mode": (
        "[engine]",
        '[engine]\nreplace = "never"',
        "engine.replace: Input should be 'amend' or 'cancel'",
    ),
    "no side": (
        'side = "Buy"\nladder',
        'side = "Long"\nladder',
        "monitors[0].side: Input should be 'Buy' or 'Sell'",
    ),
    "unknown account": (
        'account = "mirror"',
        'account = "mirrr"',
        "monitors[1].account: there is no account 'mirrr'; configured are main, mirror",
    ),
    "monitor twice": (
        '[[monitors]]\naccount = "mirror"',
        f'{DUPLICATE}\n[[monitors]]\naccount = "mirror"',
        "monitors[1]: main BANDUSDT Buy is also monitors[0]",
    ),
    "mirror of nobody known": (
        'follows = "main"',
        'follows = "mane"',
        "accounts.mirror.follows: it follows 'mane', which is not configured",
    ),
    "mirror of nobody": (
        'follows = "main"\n',
        "",
        "accounts.mirror.follows: a mirror follows a main: name it",
    ),
    "main that follows": (
        'role = "main"',
        'role = "main"\nfollows = "mirror"',
        "accounts.main.follows: only a mirror can follow another account",
    ),
    "no environment": (
        'role = "main"\nenvironment = "http://127.0.0.1:9"',
        'role = "main"',
        "accounts.main.environment: it is missing",
    ),
    "unknown environment": (
        'role = "main"\nenvironment = "http://127.0.0.1:9"',
        'role = "main"\nenvironment = "tesnet"',
        (
            "accounts.main.environment: unknown environment 'tesnet': use mainnet, testnet, demo "
            "or a URL"
        ),
    ),
    "a key instead of a variable": (
        '"MAIN_SECRET"',
        '"main-secret-Zw82"',
        (
            "accounts.main.api_secret_env: it must be the NAME of an environment variable, in "
            "capitals; keys are never written into this file"
        ),
    ),
    "a variable that is not set": (
        '"MIRROR_KEY"',
        '"MIRROR_CLEF"',
        "accounts.mirror.api_key_env: the environment variable MIRROR_CLEF is not set",
    ),
    "another database": (
        "sqlite:///",
        "mysql://bot:hush@db/",
        "store.url: only sqlite and postgresql URLs are supported, not mysql",
    ),
    "wrong way round": (
        'side = "Buy"\nladder',
        'side = "Sell"\nladder',
        (
            "monitors[0].ladder: TP1 must be nearest to the entry: the prices of a Sell ladder "
            "must fall from level to level (main BANDUSDT Sell)"
        ),
    ),
    "broken TOML": (
        "[store]",
        "[store",
        (
            "it is not TOML, so nothing after it is read: Expected ']' at the end of a table "
            "declaration"
        ),
    ),
}


@pytest.mark.parametrize(("old", "new", "line"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line(lone: Desk, old: str, new: str, line: str) -> None:
    lone.write((old, new))
    result = lone("run", "--once")
    assert (result.exit_code, result.stdout) == (2, "")
    assert reasons(result.stderr) == f"trueup: {lone.config}: {line}\n"
    assert not lone.database.exists()


def test_an_empty_variable_is_not_set(lone: Desk) -> None:
    lone.env["MAIN_SECRET"] = ""
    result = lone("plan")
    assert result.exit_code == 2
    assert reasons(result.stderr) == (
        f"trueup: {lone.config}: accounts.main.api_secret_env: the environment variable "
        "MAIN_SECRET is not set\n"
    )


def test_a_placeholder_is_no_key_and_is_not_shown(lone: Desk) -> None:
    lone.env |= {"MAIN_KEY": "\u2026", "MIRROR_SECRET": "your secret"}
    for command in ("check", "doctor", "plan"):
        result = lone(command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "accounts.main.api_key_env: it is no key: it has characters" in result.stderr
        assert "accounts.mirror.api_secret_env: it is no key" in result.stderr
        assert "your secret" not in result.output


def test_a_mistake_of_the_environment_is_told_as_such(lone: Desk) -> None:
    lone.env["TRUEUP_ENGINE__MAX_ROUNDS"] = "many"
    assert reasons(lone("plan").stderr) == (
        "trueup: environment: TRUEUP_ENGINE__MAX_ROUNDS: Input should be a valid integer\n"
    )
    lone.env["TRUEUP_ENGINE__MAX_ROUNDS"] = None
    lone.env["TRUEUP_MONITORS"] = "[{"
    result = lone("plan")
    assert result.exit_code == 2
    assert result.stderr.startswith("trueup: environment: error parsing value for field")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    missing = tmp_path / "other.toml"
    for path, why in (
        (missing, "there is no such file: name one with --config"),
        (tmp_path, "it cannot be read: Is a directory"),
    ):
        result = desk.bare("run", "--config", str(path))
        assert (result.exit_code, result.stderr) == (2, f"trueup: {path}: {why}\n")


def _with_one_price_changed(desk: Desk, old: str, new: str) -> None:
    lone = f'{LADDER}\n\n[[monitors]]\naccount = "mirror"\nsymbol = "BANDUSDT"\nside = "Buy"\n'
    desk.write((lone, f"{lone}{LADDER}\n"))
    desk.config.write_text(desk.config.read_text("utf-8").replace(old, new, 1), encoding="utf-8")


def test_what_does_not_fit_the_market_is_for_the_runs(desk: Desk, sim: Simulator) -> None:
    line = "TP1 at 0.69 is on the losing side of the entry 0.695 of a Buy position"
    _with_one_price_changed(desk, '"0.7200"', '"0.6900"')
    planned = desk("plan")
    assert (planned.exit_code, line in planned.stdout) == (1, True)
    result = desk("run", "--once")
    assert result.exit_code == 1
    assert result.stderr.count(line) == 1
    assert sum(order.leaves for order in sim.orders(MIRROR)) == 400, "the other one runs"
    assert sim.orders(MAIN) == ()


def test_where_one_price_is_off_the_tick_the_other_levels_cover_for_it(
    desk: Desk, sim: Simulator
) -> None:
    line = "TP1 gets no order: its price 0.72005 is not a multiple of the tick size 0.0001"
    _with_one_price_changed(desk, '"0.7200"', '"0.72005"')
    result = desk("run", "--once")
    assert (result.exit_code, result.stderr.count(line)) == (0, 1)
    assert [order.leaves for order in sim.orders(MAIN)] == [
        Decimal("333.4"),
        Decimal("333.3"),
        Decimal("333.3"),
    ]


TYPO = (
    'account = "mirror"\nsymbol = "BANDUSDT"',
    'account = "mirror"\nsymbol = "BONDUSDT"',
)
REFUSAL = "the exchange does not trade this symbol (mirror BONDUSDT Buy)"


def test_a_symbol_that_nobody_knows_is_refused_alone(desk: Desk, sim: Simulator) -> None:
    desk.write(TYPO)
    line = f"trueup: {desk.config}: monitors[1]: {REFUSAL}: this monitor is refused\n"
    for command in ("plan", "discover"):
        result = desk(command)
        assert (result.exit_code, reasons(result.stderr)) == (1, line), command
    result = desk("run", "--once")
    assert result.exit_code == 1
    assert line in reasons(result.stderr)
    assert result.stderr.count("TP REBALANCING SKIPPED") == 1
    assert "• Results: the exchange does not trade this symbol" in result.stderr
    assert sum(order.leaves for order in sim.orders(MAIN)) == 1000
    said = desk.json("run", "--once", code=1)
    assert said["refused"] == {"mirror BONDUSDT Buy": "the exchange does not trade this symbol"}
    assert [run["account"] for run in desk.json("status")["monitors"]] == ["main"]


@pytest.mark.parametrize("command", [("run", "--once"), ("run",), ("plan",)], ids=" ".join)
def test_if_no_monitor_is_left_that_is_a_mistake(
    desk: Desk, sim: Simulator, command: tuple[str, ...]
) -> None:
    desk.write((f'[[monitors]]\naccount = "main"\nsymbol = "BANDUSDT"\nside = "Buy"\n{LADDER}', ""))
    desk.config.write_text(desk.config.read_text("utf-8").replace(*TYPO), encoding="utf-8")
    result = desk(*command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert reasons(result.stderr) == f"trueup: {desk.config}: monitors[0]: {REFUSAL}\n"
    assert not any(request.is_write for request in sim.requests)
