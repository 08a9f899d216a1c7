"""Every mistake in a configuration is one line on stderr, exit code 2, and nothing is sent."""

from pathlib import Path

import pytest

from trueup.simulator import Simulator

from ..desk import LADDER, Desk

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
        'ladder = "steep"',
        "monitors[0].ladder: it must be a list",
    ),
    "an account that is no table": (
        "[accounts.main]",
        "[accounts]\nother = 1\n[accounts.main]",
        "accounts.other: it must be a table",
    ),
    "missing share": (
        ", share = 85",
        "",
        "monitors[0].ladder[0].share: it is missing",
    ),
    "unknown option of a level": (
        "share = 85",
        "share = 85, size = 3",
        "monitors[0].ladder[0].size: there is no such option",
    ),
    "unknown option of an account": (
        'role = "main"',
        'role = "main"\napi_key = "main-key-Qx71"',
        "accounts.main.api_key: there is no such option",
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
    "several mistakes": (
        "interval_seconds = 0.05\nread_budget_seconds = 0.05",
        "interval_seconds = 0\nread_budget_seconds = -1",
        "engine.interval_seconds: Input should be greater than 0 (and 1 more)",
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
        "accounts.mirror: it follows 'mane', which is not configured",
    ),
    "mirror of nobody": (
        'follows = "main"\n',
        "",
        "accounts.mirror.follows: a mirror follows a main: name it",
    ),
    "main that follows": (
        'role = "main"',
        'role = "main"\nfollows = "mirror"',
        "accounts.main: only a mirror can follow another account",
    ),
    "no environment": (
        'role = "main"\nenvironment = "http://127.0.0.1:9"',
        'role = "main"',
        "accounts.main.environment: it is missing",
    ),
    "unknown environment": (
        'role = "main"\nenvironment = "http://127.0.0.1:9"',
        'role = "main"\nenvironment = "tesnet"',
        "accounts.main: unknown environment 'tesnet': use mainnet, testnet, demo or a URL",
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
        "postgresql://bot:hush@db/",
        "store.url: only sqlite URLs are supported, not postgresql",
    ),
    "broken TOML": (
        "[store]",
        "[store",
        "it is not TOML: Expected ']' at the end of a table declaration (at line 2, column 7)",
    ),
}


@pytest.mark.parametrize(("old", "new", "line"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line(lone: Desk, old: str, new: str, line: str) -> None:
    lone.write((old, new))
    result = lone("run", "--once")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"trueup: {lone.config}: {line}\n"
    assert not lone.database.exists()


def test_an_empty_variable_is_not_set(lone: Desk) -> None:
    lone.env["MAIN_SECRET"] = ""
    result = lone("plan")
    assert result.exit_code == 2
    assert result.stderr == (
        f"trueup: {lone.config}: accounts.main.api_secret_env: the environment variable "
        "MAIN_SECRET is not set\n"
    )


def test_a_mistake_of_the_environment_is_told_as_such(lone: Desk) -> None:
    lone.env["TRUEUP_ENGINE__MAX_ROUNDS"] = "many"
    assert lone("plan").stderr == (
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


EXCHANGE_MISTAKES = {
    "losing side": (
        '"0.7200"',
        '"0.6900"',
        (
            "monitors[0].ladder: TP1 at 0.69 is on the losing side of the entry 0.695 of a Buy "
            "position (main BANDUSDT Buy)"
        ),
    ),
    "off the tick": (
        '"0.7200"',
        '"0.72005"',
        (
            "monitors[0].ladder: TP1's price 0.72005 is not a multiple of the tick size 0.0001 "
            "(main BANDUSDT Buy)"
        ),
    ),
    "wrong way round": (
        'side = "Buy"\nladder',
        'side = "Sell"\nladder',
        (
            "monitors[0].ladder: TP1 must be nearest to the entry: the prices of a Sell ladder "
            "must fall from level to level (main BANDUSDT Sell)"
        ),
    ),
    "unknown symbol": (
        'account = "mirror"\nsymbol = "BANDUSDT"',
        'account = "mirror"\nsymbol = "BONDUSDT"',
        "monitors[1]: the exchange does not trade this symbol (mirror BONDUSDT Buy)",
    ),
}


@pytest.mark.parametrize("command", [("run", "--once"), ("plan",)], ids=["run", "plan"])
@pytest.mark.parametrize(("old", "new", "line"), EXCHANGE_MISTAKES.values(), ids=EXCHANGE_MISTAKES)
def test_what_only_the_exchange_knows_is_checked_before_any_run(
    desk: Desk, sim: Simulator, command: tuple[str, ...], old: str, new: str, line: str
) -> None:
    desk.write((old, new))
    result = desk(*command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"trueup: {desk.config}: {line}\n"
    assert {request.method for request in sim.requests} == {"GET"}
