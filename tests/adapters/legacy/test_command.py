"""``trueup import-legacy`` as users give it: reports, exit codes, what is written and kept."""

import json
import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.legacy.old_house import Entry, ladder, monitor, persisted, whole_file
from tests.cli.desk import Desk
from tests.stage import UIDS, band_simulator
from trueup import Ladder, MonitorKey, MonitorRecord, Role, Side, Source, StoreError
from trueup.adapters.legacy import apply, read_file
from trueup.adapters.legacy.rules.accounts import LegacyAccounts
from trueup.adapters.legacy.rules.consider import consider
from trueup.cli.configuration.loading import load
from trueup.domain.store import Step
from trueup.simulator import SimulatorServer
from trueup.storage import open_reader, open_store
from trueup.storage.sqlite import SqliteStore

MAIN = MonitorKey("main", "BANDUSDT", Side.SELL)
MIRROR = MonitorKey("mirror", "BANDUSDT", Side.SELL)
ORDERLY: dict[Any, Entry] = {
    "BANDUSDT_Sell_main": monitor(),
    "BANDUSDT_Sell_mirror": monitor("mirror", tp_orders=ladder(account="mirror", order_link_id="")),
}


@pytest.fixture
def orderly(tmp_path: Path) -> Path:
    """A file with nothing wrong in it."""
    path = tmp_path / "bot.pkl"
    path.write_bytes(pickle.dumps(persisted(ORDERLY)))
    return path


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """The file with every oddity."""
    path = tmp_path / "odd.pkl"
    path.write_bytes(whole_file())
    return path


@pytest.fixture
def lone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk in a folder of its own, with an exchange that nobody may ask."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(tmp_path)
    return Desk(home)


def url(desk: Desk) -> str:
    """The desk's database."""
    return f"sqlite:///{desk.database}"


def stored(desk: Desk) -> dict[MonitorKey, MonitorRecord]:
    """The monitors in the database."""
    with open_reader(url(desk)) as reader:
        return {record.key: record for record in reader.monitors()}


def test_a_report_writes_nothing(lone: Desk, orderly: Path) -> None:
    result = lone("import-legacy", str(orderly))
    assert result.exit_code == 0
    assert not lone.database.exists()
    assert result.stdout == (
        f"{orderly}: the bot's own file, monitors: 2; not read: conversations: 1, user_data: 1, "
        "chat_data: 1, other bot data: 4\n"
        "\n"
        "main BANDUSDT Sell: taken: position 400 at 0.6927666666666666666666666667, covered 400, "
        "according to the bot\n"
        "    stored as BANDUSDT_Sell_main\n"
        "    TP1 85 % at 0.6528\n"
        "        BOT_CONS_BANDUSDT_TP1_164221 340 open\n"
        "    TP2 5 % at 0.64\n"
        "        BOT_CONS_BANDUSDT_TP2_164222 20 open\n"
        "    TP3 5 % at 0.62\n"
        "        BOT_CONS_BANDUSDT_TP3_164223 20 open\n"
        "    TP4 5 % at 0.6\n"
        "        BOT_CONS_BANDUSDT_TP4_164224 20 open\n"
        "    left: stop-loss BOT_CONS_BANDUSDT_SL_164230\n"
        "\n"
        "mirror BANDUSDT Sell: taken: position 400 at 0.6927666666666666666666666667, covered "
        "400, according to the bot\n"
        "    stored as BANDUSDT_Sell_mirror\n"
        "    TP1 85 % at 0.6528\n"
        "        00000000-0000-4000-8000-000000000001 340 open\n"
        "    TP2 5 % at 0.64\n"
        "        00000000-0000-4000-8000-000000000002 20 open\n"
        "    TP3 5 % at 0.62\n"
        "        00000000-0000-4000-8000-000000000003 20 open\n"
        "    TP4 5 % at 0.6\n"
        "        00000000-0000-4000-8000-000000000004 20 open\n"
        "    left: stop-loss BOT_CONS_BANDUSDT_SL_164230\n"
        "\n"
        "2 taken. Nothing is written yet: --apply writes them.\n"
    )


def test_what_contradicts_itself_is_exit_code_1_and_told(lone: Desk, odd: Path) -> None:
    result = lone("import-legacy", str(odd))
    assert result.exit_code == 1
    for line in (
        "    ⚠️ tp_id_recorded_as_sl: MIR_TP1_CAKEUSDT_1752030717798",
        "    · no_phase",
        "SEIUSDT_Sell: left: neither its fields nor its key name an account",
        "        BOT_CONS_BANDUSDT_TP1_164221 340 filled, 340 filled",
        "    left: take-profit BOT_TPSL_CAKEUSDT_1753873881048_9747: its id is that of a stop-loss",
    ):
        assert line in result.stdout.splitlines(), line


def test_the_report_for_scripts(lone: Desk, odd: Path) -> None:
    told = lone.json("import-legacy", str(odd), code=1)
    assert told["applied"] is False
    assert told["files"][0] | {"file": ""} == {
        "file": "",
        "form": "the bot's own file",
        "monitors": 10,
        "not_read": {"conversations": 1, "user_data": 1, "chat_data": 1, "other bot data": 4},
    }
    alice = next(one for one in told["monitors"] if one["symbol"] == "ALICEUSDT")
    assert {name: alice[name] for name in ("account", "role", "follows", "verdict", "reason")} == {
        "account": "main",
        "role": "main",
        "follows": None,
        "verdict": "taken",
        "reason": "",
    }
    assert alice["ladder"][0] == {"level": 1, "price": "0.6528", "share": "85"}
    assert alice["orders"][0] == {
        "level": 1,
        "part": 1,
        "order_id": "00000000-0000-4000-8000-000000000001",
        "order_link_id": "BOT_CONS_BANDUSDT_TP1_164221",
        "price": "0.6528",
        "quantity": "340",
        "filled": "340",
        "status": "filled",
    }
    assert [left["what"] for left in alice["left"]] == ["stop-loss", "entry"]
    assert {"flag": "tp_orders_is_list", "conflict": False, "detail": ""} in alice["findings"]


def test_apply_writes_and_a_second_time_keeps(lone: Desk, orderly: Path) -> None:
    result = lone("import-legacy", str(orderly), "--apply")
    assert result.exit_code == 0
    assert result.stdout.endswith("\n2 written.\n")
    records = stored(lone)
    assert records.keys() == {MAIN, MIRROR}
    assert (records[MAIN].role, records[MAIN].follows) == (Role.MAIN, None)
    assert (records[MIRROR].role, records[MIRROR].follows) == (Role.MIRROR, "main")
    assert records[MAIN].covered == records[MAIN].position_size == 400
    again = lone("import-legacy", str(orderly), "--apply")
    assert again.exit_code == 1
    assert (
        "main BANDUSDT Sell: kept: the database has this monitor with orders of its own"
        in again.stdout
    )
    assert stored(lone) == records
    assert lone("import-legacy", str(orderly)).stdout.endswith("\n2 kept.\n")


class FullDisk(SqliteStore):
    """A store whose second commit finds the disk full."""

    commits = 0

    def commit(self, step: Step) -> MonitorRecord:
        """Commits the first time."""
        self.commits += 1
        if self.commits > 1:
            raise StoreError("the disk is full")
        return super().commit(step)


def test_a_crash_in_between_is_finished_by_the_next_run(lone: Desk, orderly: Path) -> None:
    considered = consider(read_file(orderly).monitors, LegacyAccounts(), {})
    with FullDisk(lone.database) as store, pytest.raises(StoreError, match="the disk is full"):
        apply(store, considered)
    half = stored(lone)
    assert len(half[MAIN].orders) == 4
    assert (half[MIRROR].orders, half[MIRROR].ladder) == ((), half[MAIN].ladder)
    result = lone("import-legacy", str(orderly), "--apply")
    assert result.stdout.endswith("\n1 kept, 1 written.\n")
    assert len(stored(lone)[MIRROR].orders) == 4


def test_what_was_unwatched_is_not_taken_up_again(lone: Desk, orderly: Path) -> None:
    with open_store(url(lone)) as store:
        store.watch(MAIN, Role.MAIN, None, None, source=Source.UNWATCHED)
    result = lone("import-legacy", str(orderly), "--apply")
    assert "main BANDUSDT Sell: kept: the database has this monitor as unwatched" in (result.stdout)
    assert {key: record.source for key, record in stored(lone).items()} == {
        MAIN: Source.UNWATCHED,
        MIRROR: Source.IMPORTED,
    }


def test_what_is_imported_runs_without_being_configured(
    tmp_path: Path, orderly: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim = band_simulator()
    for name, uid in UIDS.items():
        sim.set_position(uid, "BANDUSDT", "Sell", Decimal(400), Decimal("0.6927"))
        monkeypatch.setenv(f"{name.upper()}_KEY", f"{name}-key")
        monkeypatch.setenv(f"{name.upper()}_SECRET", f"{name}-secret")
    home = tmp_path / "home"
    home.mkdir()
    with SimulatorServer(sim) as server:
        desk = Desk(home, server.url, env={})
        text = desk.text
        desk.config.write_text(text[: text.index("[[monitors]]")], "utf-8")
        assert desk("import-legacy", str(orderly), "--apply").exit_code == 0
        said = desk.json("run", "--once")
    assert [(run["account"], run["covered"]) for run in said["runs"]] == [
        ("main", "400"),
        ("mirror", "400"),
    ]


def test_a_ladder_that_the_user_gave_stays(lone: Desk, orderly: Path) -> None:
    given = Ladder.of(("0.60", 100))
    with open_store(url(lone)) as store:
        store.watch(MAIN, Role.MAIN, None, given)
    result = lone("import-legacy", str(orderly), "--apply")
    assert "kept: the database has this monitor with a ladder of its own" in result.stdout
    assert stored(lone)[MAIN].ladder == given


def test_the_configurations_accounts_are_the_accounts(lone: Desk, orderly: Path) -> None:
    lone.write(
        ("[accounts.main]", "[accounts.alice]"),
        ('follows = "main"', 'follows = "alice"'),
        ('account = "main"', 'account = "alice"'),
    )
    result = lone("import-legacy", str(orderly))
    assert result.exit_code == 1
    assert (
        "account main is not configured: map it to one of alice, mirror with --account"
        in result.stdout
    )
    told = lone.json("import-legacy", str(orderly), "--account", "main=alice")
    assert [(one["account"], one["follows"]) for one in told["monitors"]] == [
        ("alice", None),
        ("mirror", "alice"),
    ]


def test_the_configuration_of_the_folder_is_used_if_there_is_one(
    lone: Desk, orderly: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(lone.folder)
    assert lone.bare("import-legacy", str(orderly), "--apply").exit_code == 0
    assert len(stored(lone)) == 2


def test_a_piece_of_configuration(lone: Desk, orderly: Path) -> None:
    result = lone("import-legacy", str(orderly), "--toml")
    assert result.stdout == (
        '[[monitors]]\naccount = "main"\nsymbol = "BANDUSDT"\nside = "Sell"\n\n'
        '[[monitors]]\naccount = "mirror"\nsymbol = "BANDUSDT"\nside = "Sell"\n\n'
    )


def test_the_piece_completes_a_configuration_without_monitors(lone: Desk, orderly: Path) -> None:
    whole = lone.config.read_text("utf-8")
    lone.config.write_text(whole[: whole.index("[[monitors]]")], "utf-8")
    piece = lone("import-legacy", str(orderly), "--toml").stdout
    with lone.config.open("a", encoding="utf-8") as file:
        file.write(piece)
    loaded = load(lone.config)
    assert [monitor.key for monitor in loaded.options.monitors] == [MAIN, MIRROR]
    assert [monitor.wanted for monitor in loaded.options.monitors] == [None, None]


def test_several_files_and_their_instruments(lone: Desk, orderly: Path, tmp_path: Path) -> None:
    instruments = tmp_path / "instruments.json"
    instruments.write_text(json.dumps({"BANDUSDT": {"tickSize": "0.01", "qtyStep": "0.1"}}))
    told = lone.json("import-legacy", str(orderly), str(instruments))
    flags = [finding["flag"] for one in told["monitors"] for finding in one["findings"]]
    assert flags == ["price_off_tick", "price_off_tick"]


def test_a_class_of_the_users_can_be_stood_in_for(lone: Desk, tmp_path: Path) -> None:
    path = tmp_path / "bot.pkl"
    path.write_bytes(b"\x80\x04}\x8c\x08bot_data}\x8c\x04usercmybot\nUser\n)Rss.")
    assert lone("import-legacy", str(path)).exit_code == 2
    assert lone("import-legacy", str(path), "--stand-in", "mybot.User").exit_code == 0


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("{hostile}",), "hostile.pkl: it asks for 'os.system', but trueup reads plain data only"),
        (("{orderly}", "{hostile}", "--apply"), "hostile.pkl: it asks for 'os.system'"),
        (("{orderly}.bak",), "it cannot be read: No such file or directory"),
        (("{orderly}", "--account", "main"), "it must be WORD=NAME"),
        (("{orderly}", "--account", "=x"), "it must be WORD=NAME"),
        (
            ("{orderly}", "--account", "main=a", "--account", "mirror=a"),
            "two names for one account",
        ),
        (("{orderly}", "--db", "sqlite:///x.db"), "exclude each other"),
    ],
)
def test_what_cannot_be_read_or_meant_is_one_line_and_nothing_is_written(
    lone: Desk, orderly: Path, tmp_path: Path, args: tuple[str, ...], told: str
) -> None:
    hostile = tmp_path / "hostile.pkl"
    hostile.write_bytes(b"cos\nsystem\n(S'touch x'\ntR.")
    result = lone("import-legacy", *(a.format(orderly=orderly, hostile=hostile) for a in args))
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert not lone.database.exists()


def test_apply_needs_a_database_and_a_database_needs_a_name(lone: Desk, orderly: Path) -> None:
    result = lone.bare("import-legacy", str(orderly), "--apply")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "name one with --config or --db" in result.stderr
    wrong = lone.bare("import-legacy", str(orderly), "--db", "mysql://x/y")
    assert (wrong.exit_code, wrong.stdout) == (2, "")


def test_a_database_that_is_in_use_is_exit_code_3(lone: Desk, orderly: Path) -> None:
    with open_store(url(lone)):
        result = lone.bare("import-legacy", str(orderly), "--apply", "--db", url(lone))
    assert (result.exit_code, result.stdout) == (3, "")
    assert stored(lone) == {}
