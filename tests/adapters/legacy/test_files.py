"""The forms of files: the bot's own, dumps as dicts and lists, collected states, instruments."""

import json
import pickle
from decimal import Decimal
from pathlib import Path

import pytest

from tests.adapters.legacy.old_house import monitor, odd_monitors, whole_file
from trueup.adapters.legacy import UnreadableFile, read_file
from trueup.adapters.legacy.files.files import MOST_BYTES
from trueup.adapters.legacy.rules.accounts import LegacyAccounts
from trueup.adapters.legacy.rules.consider import consider
from trueup.adapters.legacy.rules.contracts import KnownRules

ROW = {"case": "M1", "key": "BANDUSDT_Sell_main", "symbol": "BANDUSDT", "side": "Sell"}
INSTRUMENTS = {"BANDUSDT": {"tickSize": "0.0001", "qtyStep": "0.1"}}


def dumped(path: Path, document: object) -> Path:
    """A JSON dump as the bot's scripts made them: decimals as text, floats as numbers."""
    path.write_text(json.dumps(document, default=str), "utf-8")
    return path


def test_the_bots_own_file(tmp_path: Path) -> None:
    path = tmp_path / "bot.pkl"
    path.write_bytes(whole_file())
    file = read_file(path)
    assert file.form == "the bot's own file"
    assert [raw.key for raw in file.monitors] == [
        key if isinstance(key, str) else "" for key in odd_monitors()
    ]
    assert file.rules == {
        "BANDUSDT": KnownRules(Decimal("0.0001"), Decimal("0.1")),
        "ALICEUSDT": KnownRules(None, Decimal(1)),
    }
    assert file.left == {
        "conversations": 1,
        "user_data": 1,
        "chat_data": 1,
        "other bot data": 4,
    }


def test_a_position_with_take_profits_is_a_monitor(tmp_path: Path) -> None:
    document = {"bot_data": {"position_BANDUSDT_Sell": monitor()}, "chat_data": {"5": {"a": 1}}}
    file = read_file(dumped(tmp_path / "bot.json", document))
    assert [
        (raw.key, raw.value["symbol"]) for raw in file.monitors if isinstance(raw.value, dict)
    ] == [("", "BANDUSDT")]


@pytest.mark.parametrize(
    ("document", "form", "keys"),
    [
        ({"enhanced_tp_sl_monitors": {"A": {}}}, "monitors by key", ["A"]),
        ({"A": {"symbol": "X"}, "B": {}}, "monitors by key", ["A", "B"]),
        ({}, "monitors by key", []),
        ([ROW, 3], "a list of monitors", ["", ""]),
        ({"about": {}, "rows": [ROW]}, "collected states", [""]),
        ({"bot_data": {"enhanced_tp_sl_monitors": [ROW]}}, "the bot's own file", [""]),
        ({"bot_data": {"other": 1}}, "the bot's own file", []),
        (INSTRUMENTS, "instruments", []),
    ],
)
def test_json_forms(tmp_path: Path, document: object, form: str, keys: list[str]) -> None:
    file = read_file(dumped(tmp_path / "dump.json", document))
    assert (file.form, [raw.key for raw in file.monitors]) == (form, keys)


def test_instruments_come_with_states_or_alone(tmp_path: Path) -> None:
    rules = {"BANDUSDT": KnownRules(Decimal("0.0001"), Decimal("0.1"))}
    beside = read_file(dumped(tmp_path / "a.json", {"rows": [], "instruments": INSTRUMENTS}))
    assert beside.rules == rules
    assert read_file(dumped(tmp_path / "b.json", INSTRUMENTS)).rules == rules


def test_a_byte_order_mark_is_no_reason_to_refuse(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    path.write_bytes(b"\xef\xbb\xbf  " + json.dumps([ROW]).encode())
    assert len(read_file(path).monitors) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"[1, 2", "it is broken JSON"),
        (b'{"a": "\xff"}', "it is broken JSON"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "it is broken JSON"),
        (b'{"a": 1}', "it contains no monitors"),
        (b"\x80\x04K\x01.", "it contains no monitors: its type is int"),
        (b"\x80\x04]", "it is a broken pickle"),
        (b"symbol,side\n", "it is neither JSON nor a pickle"),
    ],
)
def test_an_unreadable_file_is_named_with_the_reason(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        read_file(path)
    assert refused.value.message.startswith(f"{path}: ")
    assert told in refused.value.message


def test_a_file_that_is_not_there_or_is_none(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        read_file(tmp_path / "nowhere")
    with pytest.raises(UnreadableFile, match="Is a directory"):
        read_file(tmp_path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(UnreadableFile, match="larger than 64 MiB"):
        read_file(path)


def test_the_same_monitors_are_the_same_from_pickle_and_dump(tmp_path: Path) -> None:
    monitors = {"BANDUSDT_Sell_main": monitor(), "ALICEUSDT_Sell_mirror": monitor("mirror")}
    path = tmp_path / "bot.pkl"
    path.write_bytes(pickle.dumps(monitors))
    pickled, dump = read_file(path), read_file(dumped(tmp_path / "dump.json", monitors))
    taken = [
        [one.taken for one in consider(file.monitors, LegacyAccounts(), {})]
        for file in (pickled, dump)
    ]
    assert taken[0] == taken[1]
