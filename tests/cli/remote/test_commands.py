"""The commands from a chat, on a real engine at the simulator."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.adapters.notify.servers import TOKEN, Call
from tests.cli.desk import KEYS, LADDER, MAIN, MIRROR, SYMBOL, Desk
from trueup import Reconciler, RunOutcome
from trueup.adapters.notify.telegram_bot import Message
from trueup.cli.commands.hosting.host import Host
from trueup.cli.commands.hosting.reloads import Reloads
from trueup.cli.commands.remote.commands import HELP, Commands
from trueup.cli.configuration.loading import Loaded, load
from trueup.cli.configuration.opening import open_reconciler, watch_all
from trueup.service.running import RunningEngine
from trueup.simulator import Simulator

from .chat import ANN, BOB, CHAT, Telegram

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
RESUME = "To resume, give on the machine: trueup resume --all"
Ask = Callable[..., str]


@pytest.fixture
def loaded(desk: Desk, telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> Loaded:
    """A configuration with a bot."""
    with_bot(desk, telegram)
    for name, value in desk.env.items():
        monkeypatch.setenv(name, str(value))
    return load(desk.config, keys=True)


def with_bot(desk: Desk, telegram: Telegram) -> None:
    section = f'[telegram]\ntoken_env = "BOT_TOKEN"\nchats = [{CHAT}]\nurl = "{telegram.url}"\n'
    desk.env["BOT_TOKEN"] = TOKEN
    desk.write(("[accounts.main]", f"{section}\n[accounts.main]"))


@pytest.fixture
def reconciler(loaded: Loaded) -> Iterator[Reconciler]:
    """An engine that has placed both ladders."""
    with open_reconciler(loaded, loaded.options.store.url, is_quiet=True) as opened:
        assert not watch_all(opened, loaded)
        for record in opened.monitors():
            assert opened.reconcile(record.key).outcome is RunOutcome.SUCCESS
        yield opened


@pytest.fixture
def ask(reconciler: Reconciler, loaded: Loaded) -> Iterator[Ask]:
    """Asks in the chat."""
    running = RunningEngine()
    commands = Commands(running, loaded)

    def asked(text: str, sender: int = ANN, after: int = 0) -> str:
        at = NOW + timedelta(seconds=after)
        return commands.answer(Message(1, CHAT, sender, "Ann", at, text))

    with running.by(reconciler, Host(loaded, Reloads())):
        yield asked


def test_status_has_a_line_for_each_monitor_and_each_concern(
    ask: Ask, reconciler: Reconciler, sim: Simulator
) -> None:
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    reconciler.pause("mirror", by="ann")
    (mirror,) = (one.key for one in reconciler.monitors() if one.key.account == "mirror")
    reconciler.reconcile(mirror)
    lines = ask("/status@my_bot").splitlines()
    assert lines[0] == "main BANDUSDT Buy: 1000 of 1000 covered; Idle"
    assert lines[1].startswith("mirror BANDUSDT Buy: 400 of 1000 covered; Idle, pause")
    assert lines[2].startswith("✗ mirror is paused by ann since ")
    assert "✗ mirror BANDUSDT Buy: its last run ended SKIPPED" in lines


def test_ladder_shows_targets_orders_and_fills(
    ask: Ask, reconciler: Reconciler, sim: Simulator
) -> None:
    order = next(one for one in sim.orders(MAIN) if "_TP1_" in one.link_id)
    sim.fill(MAIN, order.order_id)
    (main,) = (one.key for one in reconciler.monitors() if one.key.account == "main")
    reconciler.reconcile(main)
    assert ask("/ladder bandusdt main").splitlines() == [
        "main BANDUSDT Buy: 150 of 150 covered",
        "TP1 at 0.72, 85 %: filled, 0 of 0 rest, 850 filled",
        "TP2 at 0.74, 5 %: open, 50 of 50 rest, 0 filled",
        "TP3 at 0.76, 5 %: open, 50 of 50 rest, 0 filled",
        "TP4 at 0.8, 5 %: open, 50 of 50 rest, 0 filled",
    ]
    assert ask("/ladder BANDUSDT").count("TP4") == 2
    assert ask("/ladder BANDUSDT Sell") == "no monitor watches BANDUSDT Sell"
    assert ask("/ladder") == "name a symbol: /ladder BANDUSDT"


def test_why_says_what_explain_says(
    ask: Ask, reconciler: Reconciler, sim: Simulator, desk: Desk
) -> None:
    order = next(one for one in sim.orders(MAIN) if "_TP2_" in one.link_id)
    sim.cancel_by_hand(MAIN, order.order_id)
    (main,) = (one.key for one in reconciler.monitors() if one.key.account == "main")
    reconciler.reconcile(main)
    shown = desk("explain", "main", SYMBOL, "Buy", "TP2", "--short").stdout
    assert "somebody else cancelled it" in shown
    assert ask("/why BANDUSDT tp2 main") == shown.rstrip("\n")
    assert "it has not ended: it rests" in ask("/why BANDUSDT TP2 mirror")
    assert ask("/why BANDUSDT TP9 main").endswith("has no order of TP9 on record")
    assert ask("/why BANDUSDT 2") == "'2' is no level: name it as TP2"
    assert ask("/why BANDUSDT") == "name a symbol and a level: /why BANDUSDT TP2"


def code_in(text: str) -> str:
    found = re.search(r"/halt \d{4}$", text)
    assert found is not None, text
    return found[0]


def test_a_halt_is_done_once_it_is_confirmed_by_who_asked(
    ask: Ask, reconciler: Reconciler, sim: Simulator
) -> None:
    asked = ask("/halt")
    assert asked.startswith("This stops every write for all accounts: main, mirror.")
    confirmed = code_in(asked)
    refused = "nothing was halted: that code is not valid, or not any more. Ask with /halt"
    assert ask(confirmed, sender=BOB) == refused
    assert not [one for one in reconciler.store.controls() if one.is_in_force]
    assert ask(confirmed) == (f"Halted: no write leaves for any account: main, mirror\n{RESUME}")
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    writes = sum(request.is_write for request in sim.requests)
    for record in reconciler.monitors():
        reconciler.reconcile(record.key)
    assert sum(request.is_write for request in sim.requests) == writes
    again = ask(confirmed)
    assert again.startswith("halted already: ")
    assert "Ann by Telegram (11)" in again
    assert again.endswith(f"Accounts: main, mirror\n{RESUME}")
    assert len(reconciler.store.controls()) == 1
    (row,) = reconciler.store.rows("command_log")
    assert (row["kind"], row["asked_by"]) == ("halt", "Ann by Telegram (11)")
    assert row["answer"] is not None


def test_a_code_is_good_for_a_minute_and_for_one_try(ask: Ask, reconciler: Reconciler) -> None:
    late = ask(code_in(ask("/halt")), after=61)
    confirmed = code_in(ask("/halt"))
    wrong = ask(f"{confirmed}5")
    after_wrong = ask(confirmed)
    assert [text.startswith("nothing was halted") for text in (late, wrong, after_wrong)] == (
        [True] * 3
    )
    assert reconciler.store.controls() == ()


def test_help_and_what_is_no_command(ask: Ask) -> None:
    assert ask("/help") == HELP
    assert ask("/buy") == f"there is no such command\n\n{HELP}"


def test_a_database_that_cannot_be_read_is_said(
    ask: Ask, reconciler: Reconciler, desk: Desk
) -> None:
    reconciler.close()
    desk.database.unlink()
    assert "trueup.db" in ask("/status")


def test_a_service_is_asked_and_halted_from_a_chat(desk: Desk, telegram: Telegram) -> None:
    with_bot(desk, telegram)
    process = desk.process("run", "--json")
    assert process.stderr is not None
    next(line for line in process.stderr if "commands are taken from 1 chats" in line)
    telegram.write("/halt", date=(datetime.now(UTC) + timedelta(seconds=2)).timestamp())
    telegram.wait(lambda calls: len(said(calls)) == 1)
    telegram.write(code_in(said(telegram.calls)[0]))
    telegram.wait(lambda calls: len(said(calls)) == 2)
    assert said(telegram.calls)[1].startswith("Halted: no write leaves for any account")
    assert json.loads(desk("status", "--json").stdout)["stopped"]
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate()
    assert process.returncode == 0
    assert TOKEN.partition(":")[2] not in stderr
    assert TOKEN.partition(":")[2].encode() not in desk.database.read_bytes()


def said(calls: list[Call]) -> list[str]:
    return [call.document["text"] for call in calls if call.path.endswith("/sendMessage")]


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ('token_env = "BOT_TOKEN"\nchats = []', "telegram.chats"),
        ('token_env = "BOT_TOKEN"\nchats = ["4242"]', "telegram.chats[0]"),
        ("chats = [1]", "telegram: give one of token_env, token_file, token_credential"),
        ('token_env = "NOT_SET"\nchats = [1]', "the environment variable NOT_SET is not set"),
        ('token_env = "MAIN_KEY"\nchats = [1]', "telegram.token_env: it is no token of a Telegram"),
        (f'token = "{TOKEN}"\nchats = [1]', "keys are never in the file"),
        ('token_env = "BOT_TOKEN"\nchats = [1]\nurl = "http://example.com"', "it must be an https"),
    ],
)
def test_mistakes_are_named_and_never_shown(desk: Desk, section: str, why: str) -> None:
    desk.env["BOT_TOKEN"] = TOKEN
    desk.write((LADDER, f"{LADDER}\n[telegram]\n{section}"))
    result = desk("check")
    assert (result.exit_code, why in result.stderr) == (2, True), result.stderr
    assert TOKEN not in result.output
    for key in KEYS.values():
        assert key not in result.output
