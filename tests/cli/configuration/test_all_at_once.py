"""All mistakes of a file are told at once, each with its line, its reason and an example."""

import re
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from ..desk import Desk

KEY, SECRET = "Qx71mNz0aB3kLp9RtY", "Zw82fGh4Jk6sD1pQ9vBn3mX7cT5rY0uE8iO2"
TWENTY = f"""\
[store]
url = "mysql://bot@db/trueup"

[engin]
interval_seconds = 15

[engine]
interval_second = 15
replace = "never"
max_rounds = "many"

[accounts.main]
environment = "tesnet"
api_key = "{KEY}"
api_secret = "{SECRET}"
api_secret_env = "{SECRET}"

[accounts.mirror]
role = "mirror"
follows = "mian"
environment = "testnet"
api_key_env = "MIRROR_CLEF"
api_secret_env = "MIRROR_SECRET"

[stops.near]
percnt = 2

[ladders.swing]
levels = [{{percent = 1, share = 85}}, {{percent = 2, share = 5}}]
stop = "near"

[[monitors]]
account = "main"
symbol = "BANDUSDT"
side = "Sell"
ladder = [
    {{price = "0.72", share = 85}},
    {{price = "0.74", share = 15}},
]

[[monitors]]
account = "main"
symbol = "BANDUSDT"
side = "Sell"
ladder = "swing"

[[monitors]]
account = "mirrr"
symbol = "BANDUSDT"
side = "Long"
stopp = {{percent = 2}}

[[monitors]]
account = "mirrr"
symbol = "XRPUSDT"
side = "Buy"
ladder = "steep"

[[monitors]]
account = "{KEY}"
symbol = "ADAUSDT"
side = "Buy"
ladder = [{{price = "cheap", share = 50}}, {{price = 1, sahre = 50}}]
stop = {{percent = 2, timeout_seconds = 3}}

[[monitors]]
account = "{KEY}"
symbol = "SOLUSDT"
side = "Buy"
"""


def _said(desk: Desk, command: str, *args: str) -> str:
    result = desk(command, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert not desk.database.exists()
    said = result.stderr.replace(f"{desk.folder}/", "")
    assert KEY not in said
    assert SECRET not in said
    return said


def test_twenty_mistakes(lone: Desk, snapshot: SnapshotAssertion) -> None:
    lone.config.write_text(TWENTY, encoding="utf-8")
    said = _said(lone, "check")
    assert said == snapshot
    for command in (("run", "--once"), ("run",), ("plan",), ("discover",), ("doctor",)):
        assert _said(lone, *command) == said


@pytest.mark.parametrize(
    "line",
    [
        f"api_key = {KEY}",
        f'api_key = "{KEY}',
        f"[{KEY}",
        f"{KEY} = 1\n{KEY} = 2",
        f'{KEY} = "{SECRET}"',
        f'[accounts]\nmain = "{KEY}"',
        f'[accounts.main]\nenvironment = "{KEY}"',
        f'[accounts.{KEY}]\nenvironment = "testnet"\nfollows = "{SECRET}"',
        f'[accounts.main]\nenvironment = "testnet"\napi_key_env = {{it = "{KEY}"}}',
        f'[telegram]\ntoken = "123456:{SECRET}"',
    ],
)
def test_a_key_in_the_file_is_never_shown(lone: Desk, line: str) -> None:
    lone.config.write_text(line, encoding="utf-8")
    _said(lone, "check")


def test_mistakes_of_the_environment_hide_none_of_the_file(lone: Desk) -> None:
    lone.write(('side = "Buy"\nladder', 'side = "Sell"\nladder'))
    lone.env["TRUEUP_ENGINE__MAX_ROUNDS"] = "many"
    said = _said(lone, "check")
    assert "monitors[0].ladder: TP1 must be nearest" in said
    assert said.endswith(
        "trueup: environment: TRUEUP_ENGINE__MAX_ROUNDS: Input should be a valid integer\n"
        "    such as: max_rounds = 8\n"
    )


def test_without_a_mistake(lone: Desk) -> None:
    result = lone("check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"{lone.config}: no mistake; 2 accounts, 2 monitors; "
        "keys, URLs and tokens are where it says\n"
    )
    assert not lone.database.exists()


def test_urls_and_tokens_that_are_not_there_are_named_and_not_shown(
    lone: Desk, tmp_path: Path
) -> None:
    short = tmp_path / "token"
    short.write_text("Zw82", "utf-8")
    short.chmod(0o600)
    section = f"""
[alerts.to.phone]
url_env = "PHONE_URL"
[alerts.to.night]
url_file = "/nowhere/url"
[alerts.heartbeat]
url_credential = "beat"
[telegram]
token_env = "BOT_TOKEN"
chats = [1]
[service]
listen = "127.0.0.1:8710"
token_file = "{short}"
"""
    lone.config.write_text(f"{lone.text}{section}", encoding="utf-8")
    lone.env["BOT_TOKEN"] = SECRET
    said = re.sub(r"(trueup: )?\S+:\d+:\d+: ", "", _said(lone, "check")).splitlines()
    assert said == [
        "alerts.to.phone.url_env: the environment variable PHONE_URL is not set",
        "    such as: export PHONE_URL=…",
        "alerts.to.night.url_file: the file cannot be read: No such file or directory",
        (
            "alerts.heartbeat.url_credential: CREDENTIALS_DIRECTORY is not set: systemd sets it "
            "for a unit with LoadCredential="
        ),
        "telegram.token_env: it is no token of a Telegram bot, which is DIGITS:LETTERS",
        (
            "service.token_file: the token must have at least 16 characters, all of them ASCII and "
            "none a space: such as the output of `openssl rand -hex 32`"
        ),
    ]
    run = re.sub(r"(trueup: )?\S+:\d+:\d+: ", "", _said(lone, "run", "--once")).splitlines()
    assert run == said[:-1], "the engine runs without a token"
    assert lone("status").exit_code == 3  # it asks nobody, and there is no database yet


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.config.write_bytes(b"\xff\xfe")
    assert "it is not TOML" in _said(desk, "check")
