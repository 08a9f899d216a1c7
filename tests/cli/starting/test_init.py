"""What ``trueup init`` writes works; it asks on a terminal, and overwrites nothing unasked."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from trueup import AppriseSink, MonitorKey, PositionMode, Side
from trueup.cli.configuration.loading import load
from trueup.cli.starting.asking import URLS, default_account, names_of
from trueup.cli.starting.writing import AnsweredReceiver, Answers, configuration_of

from ...adapters.notify.servers import TOKEN
from ..desk import KEYS, Desk

VARIABLES = {
    "MAIN_API_KEY": KEYS["MAIN_KEY"],
    "MAIN_API_SECRET": KEYS["MAIN_SECRET"],
    "MIRROR_API_KEY": KEYS["MIRROR_KEY"],
    "MIRROR_API_SECRET": KEYS["MIRROR_SECRET"],
}
_URL = (st.just("PHONE_URL"), st.just("json://localhost"))
ENVIRONMENTS = ["mainnet", "testnet", "demo", "http://127.0.0.1:8480"]
SYMBOLS = ["BTCUSDT", "1000PEPEUSDT", "BTCUSDT-26DEC25"]


@st.composite
def _answers(draw: st.DrawFn) -> Answers:
    names, environment = names_of(draw(st.integers(0, 3))), draw(st.sampled_from(ENVIRONMENTS))
    modes = st.sampled_from(list(PositionMode))
    steps = draw(st.lists(st.decimals("0.01", "10", places=2), min_size=1, max_size=5))
    shares = [Decimal(100) - (len(steps) - 1), *[Decimal(1)] * (len(steps) - 1)]
    keys = st.builds(
        MonitorKey, st.sampled_from(names), st.sampled_from(SYMBOLS), st.sampled_from(list(Side))
    )
    stop = draw(st.none() | st.decimals("0.01", "99", places=2))
    return Answers(
        tuple(replace(default_account(name, environment), mode=draw(modes)) for name in names),
        tuple(zip(accumulate(steps), shares, strict=True)),
        stop,
        breakeven=draw(st.booleans()),
        auto_watch=draw(st.booleans()),
        monitors=tuple(draw(st.lists(keys, unique=True, max_size=4))),
        receiver=draw(st.none() | st.builds(AnsweredReceiver, st.sampled_from(list(URLS)), *_URL)),
    )


@given(_answers())
def test_whatever_is_answered_makes_a_configuration_without_a_mistake(answers: Answers) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as environment:
        for each in answers.accounts:
            environment.setenv(each.key_variable, "given")
            environment.setenv(each.secret_variable, "given")
        file = Path(folder) / "trueup.toml"
        file.write_text(configuration_of(answers), encoding="utf-8")
        options = load(file, keys=True).options
    assert [monitor.key for monitor in options.monitors] == list(answers.monitors)
    receivers = [answers.receiver.name] if answers.receiver else []
    assert list(options.alerts.to) == receivers
    modes = {name: account.position_mode for name, account in options.accounts.items()}
    assert modes == {each.name: each.mode for each in answers.accounts}
    assert all(bool(each.auto_watch) == answers.auto_watch for each in options.accounts.values())


def _on_a_terminal(folder: Path, env: Mapping[str, str], answers: Sequence[str]) -> tuple[str, int]:
    """Answers each question when it is asked; what the screen showed, and the exit code."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "trueup", "init"],
        cwd=folder,
        env={**os.environ, "TERM": "dumb", **env},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, asked = "", 0
    try:
        for answer in (*answers, None):
            while not re.search(r"(\]|no more): $", shown[asked:]):
                try:
                    shown += os.read(ours, 4096).decode()
                except OSError:  # the end of a terminal, as Linux says it
                    assert answer is None, shown
                    break
            if answer is None:
                break
            asked = len(shown)
            os.write(ours, f"{answer}\n".encode())
        return shown.replace("\r", ""), process.wait(timeout=20)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_it_asks_shows_what_is_open_and_writes_what_runs(
    tmp_path: Path, desk: Desk, snapshot: SnapshotAssertion
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    shown, code = _on_a_terminal(
        folder,
        VARIABLES,
        (
            "somewhere",
            "",
            desk.url,
            "",
            *("", "", ""),
            *("", "", ""),
            "1:50 2:40",
            "",
            "1.5",
            "",
            "n",
            "y",
            "y",
            "main ETHUSDT up",
            "mirror xrpusdt short",
            "",
            "pigeon",
            "Telegram",
            "tgram://123:abc/4",
            "",
        ),
    )
    assert code == 0, shown
    assert shown.replace(desk.url, "URL") == snapshot
    text = (folder / "trueup.toml").read_text("utf-8")
    assert text.replace(desk.url, "URL") == snapshot
    desk.env = dict(VARIABLES)
    result = desk.bare("check", "--config", str(folder / "trueup.toml"))
    assert (
        "alerts.to.telegram.url_env: the environment variable TELEGRAM_URL is not" in result.stderr
    )
    desk.env["TELEGRAM_URL"] = URLS["telegram"]
    result = desk.bare("check", "--config", str(folder / "trueup.toml"))
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize("url", [url for name, url in URLS.items() if name != "other"])
def test_the_urls_that_it_names_are_apprises(url: str) -> None:
    ids = {"BOT_TOKEN": TOKEN, "CHAT": "4242", "WEBHOOK_ID": "4" * 24, "WEBHOOK_TOKEN": "a" * 64}
    for name, each in ids.items():
        url = url.replace(name, each)
    AppriseSink(url)


def test_without_questions_for_a_simulator(
    tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    desk.env = dict(VARIABLES)
    desk.config.unlink()
    result = desk.bare("init", "--simulator", desk.url)
    assert (result.exit_code, result.stdout) == (
        0,
        "trueup.toml is written.\nThen: trueup check; trueup doctor; trueup run\n",
    )
    assert desk.bare("check").exit_code == 0
    assert desk.bare("doctor").exit_code == 0
    again = desk.bare("init", "--yes")
    assert (again.exit_code, again.stderr) == (
        2,
        "trueup: trueup.toml is there already: name another file, or remove it\n",
    )


def test_where_nothing_is_watched_it_says_how_to_go_on(tmp_path: Path, desk: Desk) -> None:
    answers = ("", desk.url, *("",) * 10, "n", "n", "n", "", "")
    folder = tmp_path / "new"
    folder.mkdir()
    shown, code = _on_a_terminal(folder, VARIABLES, answers)
    assert code == 0, shown
    assert "No position is watched yet. Once one is open: trueup discover --watch" in shown
    desk.env = dict(VARIABLES)
    planned = desk.bare("plan", "--config", str(folder / "trueup.toml"))
    assert "`trueup discover --watch` watches it" in planned.stderr


def test_without_a_terminal_it_asks_nothing(lone: Desk) -> None:
    result = lone.bare("init", str(lone.folder / "other.toml"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "trueup: there is no terminal to ask on: give --simulator URL, or --yes for the defaults\n"
    )


def test_a_file_that_is_there_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "trueup.toml"
    file.write_text("mine", encoding="utf-8")
    shown, code = _on_a_terminal(tmp_path, {}, ("n",))
    assert (code, file.read_text("utf-8")) == (2, "mine"), shown
