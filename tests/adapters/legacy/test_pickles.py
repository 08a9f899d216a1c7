"""Pickles: plain data of every protocol is read, everything else is refused by its name."""

import os
import pickle
import pickletools
import subprocess
from collections import OrderedDict, defaultdict
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.legacy.old_house import alerts_of_the_bot, whole_file
from trueup.adapters.legacy.files.pickles import from_pickle
from trueup.adapters.legacy.files.unreadable import UnreadableFile

ZONE = timezone(timedelta(hours=3))
PLAIN = {
    "numbers": [0, -1, 2**40, -(2**70), 1.5, True, False, None],
    "text": "Ω" * 300,
    "bytes": b"\x00\xff",
    "tuples": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
    "set": {1, "a"},
    "frozen": frozenset({3}),
    "decimal": [Decimal("0.6927666666666666666666666667"), Decimal("1E-8")],
    "times": [
        datetime(2025, 7, 28, 3, 1, 2, 345678, tzinfo=UTC),
        datetime(2025, 7, 28, 3, 1, tzinfo=ZONE),
        date(2025, 7, 28),
        time(3, 1, 2, 9, tzinfo=UTC),
        timedelta(days=-1, microseconds=5),
    ],
}


class Call:
    """Pickles as a call of anything."""

    def __init__(self, function: Any, *arguments: Any) -> None:  # noqa: ANN401 - really anything
        self._call = (function, arguments)

    def __reduce__(self) -> Any:  # noqa: ANN401 - as pickle asks
        return self._call


class Thing:
    """An object of a class that nobody allowed."""

    def __init__(self) -> None:
        self.name = "thing"


@pytest.mark.parametrize("protocol", [3, 4, 5])
def test_plain_data_comes_back_as_it_was(protocol: int) -> None:
    assert from_pickle(pickle.dumps(PLAIN, protocol)) == PLAIN


def test_shared_and_circular_data_is_read() -> None:
    shared = ["once"]
    circle: dict[str, Any] = {"a": shared, "b": shared}
    circle["self"] = circle
    made = from_pickle(pickle.dumps(circle))
    assert isinstance(made, dict)
    assert made["a"] is made["b"]
    assert made["self"] is made


@pytest.mark.parametrize("kind", [OrderedDict, lambda items: defaultdict(list, items)])
def test_other_dicts_become_plain_ones(kind: Any) -> None:  # noqa: ANN401 - a dict's maker
    made = from_pickle(pickle.dumps({"inner": kind({"a": [1]})}))
    assert made == {"inner": {"a": [1]}}
    assert isinstance(made, dict)
    assert type(made["inner"]) is dict


@pytest.mark.parametrize("protocol", [0, 1, 2])
def test_old_protocols_of_text_and_numbers_are_read(protocol: int) -> None:
    plain = {"a": ["b", 1, -7, 2**40, 0.25, True, None, (1, 2)], "d": Decimal("0.1"), "s": {1}}
    assert from_pickle(pickle.dumps(plain, protocol)) == plain


def test_a_conversation_key_becomes_text() -> None:
    assert from_pickle(pickle.dumps({(5, "a"): 3})) == {"(5, a)": 3}


def test_the_bots_alerts_are_read_as_placeholders() -> None:
    with alerts_of_the_bot() as alerts:
        content = pickle.dumps({"alerts": alerts, "after": 1})
    made = from_pickle(content)
    assert isinstance(made, dict)
    assert str(made["alerts"]) == "(<unread>, <unread>)"
    assert made["after"] == 1


def test_what_the_framework_kept_outside_is_a_placeholder() -> None:
    made = from_pickle(b"\x80\x04}\x94\x8c\x03bot\x94\x8c\x0ba known botQs.")
    assert str(made) == "{'bot': <unread>}"
    assert str(from_pickle(b"Pa known bot\n.")) == "<unread>"


def test_a_class_that_the_user_names_is_not_read_and_refused_by_default() -> None:
    content = pickle.dumps({"thing": Thing(), "kept": 1})
    name = f"{Thing.__module__}.Thing"
    with pytest.raises(UnreadableFile, match=f"asks for '{name}'"):
        from_pickle(content)
    assert str(from_pickle(content, {name})) == "{'thing': <unread>, 'kept': 1}"


def test_placeholders_take_items_and_states_and_keep_nothing() -> None:
    name = b"cwild\nThing\n"
    for rest in (b"(tR(K\x01e.", b")R(K\x01K\x02u.", b")\x81}b.", b")}\x92]b.", b")RK\x01a."):
        assert str(from_pickle(b"\x80\x04" + name + rest, {"wild.Thing"})) == "<unread>"


def hostile() -> dict[str, tuple[bytes, str]]:
    """Pickles that want more than to be data, and what the refusal names."""
    reduce = pickle.dumps
    many = b"\x80\x04]\x94" + b"h\x00" * 20_000 + b"."
    fat = b"\x80\x04](" + b"K\x01" * 1000 + b"e\x94"
    copies = fat + b"(" + b"cbuiltins\nset\nh\x00\x85R" * 50 + b"l."
    return {
        "os.system": (
            reduce(Call(os.system, "false")),
            f"asks for '{os.system.__module__}.system'",
        ),
        "old os.system": (b"cos\nsystem\n(S'false'\ntR.", "asks for 'os.system'"),
        "eval": (reduce(Call(eval, "1")), "asks for 'builtins.eval'"),
        "exec": (b"c__builtin__\nexec\n(S''\ntR.", "asks for '__builtin__.exec'"),
        "getattr": (reduce(Call(getattr, Decimal, "from_float")), "asks for 'builtins.getattr'"),
        "import": (reduce(Call(__import__, "os")), "asks for 'builtins.__import__'"),
        "open": (reduce(Call(open, "x", "w")), "asks for"),
        "Popen": (reduce(Call(subprocess.Popen, ["false"])), "asks for 'subprocess.Popen'"),
        "reconstructor": (pickle.dumps(Thing(), 1), "asks for 'copy_reg._reconstructor'"),
        "method of decimal": (
            b"\x80\x04\x8c\x07decimal\x8c\x12Decimal.from_float\x93.",
            "asks for",
        ),
        "dotted way out": (b"\x80\x04\x8c\x08builtins\x8c\x0dset.__class__\x93.", "asks for"),
        "call of a text": (b"\x80\x04\x8c\x01xK\x01\x85R.", "calls a str"),
        "call of a result": (b"cdecimal\nDecimal\n(S'1'\ntR(tR.", "calls a Decimal"),
        "state of a word": (b"cdecimal\nDecimal\n}b.", "sets the state of a Named"),
        "state of a dict": (b"\x80\x04}}b.", "sets the state of a dict"),
        "instance": (b"(S'false'\nios\nsystem\n.", "INST 'os system'"),
        "object": (b"(cdecimal\nDecimal\no.", "OBJ"),
        "extension": (b"\x80\x02\x82\x01.", "EXT1"),
        "buffer": (b"\x80\x05\x97.", "NEXT_BUFFER"),
        "too many": (many, "too large"),
        "copies": (copies, "too large"),
        "huge number": (b"\x80\x04\x8b\x00\x02\x00\x00" + b"\x7f" * 512 + b".", "bits"),
        "long decimal": (reduce(Call(Decimal, "1" * 10_000)), "broken"),
        "promised terabytes": (b"\x80\x04\x8d\x00\x00\x00\x00\x00\x00\x01\x00x.", "broken"),
        "tuples in tuples": (b"\x80\x04)" + b"\x94h\x00\x86" * 60 + b"}\x8c\x01as.", "broken"),
        "key of tuples": (b"\x80\x04})\x85\x85K\x01s.", "broken"),
        "unhashable": (b"\x80\x04}]K\x01s.", "broken"),
        "nothing remembered": (b"\x80\x04h\x07.", "broken"),
        "empty stack": (b"\x80\x04.", "broken"),
        "no mark": (b"\x80\x04K\x01e.", "broken"),
        "beneath a mark": (b"\x80\x04K\x01(\x85.", "broken"),
        "two values": (b"\x80\x04K\x01K\x02.", "broken"),
        "bad time": (reduce(Call(datetime, b"\x00" * 10)), "broken"),
        "no pickle": (b"hello, this is no pickle", "neither JSON nor a pickle"),
        "an archive": (b"PK\x03\x04\x14\x00", "neither JSON nor a pickle"),
    }


HOSTILE = hostile()


def outcome(content: bytes) -> str:
    """What became of a pickle: anything but a value or a refusal is an error."""
    try:
        return f"read: a {type(from_pickle(content)).__name__}"
    except UnreadableFile as refused:
        return refused.message


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pickle_is_refused_by_the_name_of_what_it_asked_for(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    content, told = HOSTILE[name]
    with pytest.raises(UnreadableFile, match=told) as refused:
        from_pickle(content, most=20_000)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 250
    assert list(tmp_path.iterdir()) == []


def test_deep_nesting_is_read_without_recursion() -> None:
    deep = b"\x80\x04" + b"]" * 100_000 + b"a" * 99_999 + b"."
    assert isinstance(from_pickle(deep), list)


def test_no_pickle_is_too_short_to_be_told_from_a_whole_one() -> None:
    content = whole_file()
    for length in (*range(1, 400), *range(400, len(content) - 1, 97), len(content) - 1):
        with pytest.raises(UnreadableFile):
            from_pickle(content[:length])


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_be_read_or_refused(content: bytes) -> None:
    assert outcome(content)


@settings(deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(whole_file())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert outcome(bytes(content))


def test_every_step_of_the_real_layout_is_known() -> None:
    steps = {step.name for step, _, _ in pickletools.genops(whole_file())}
    assert {"STACK_GLOBAL", "REDUCE", "SETITEMS", "MEMOIZE"} <= steps
    assert isinstance(from_pickle(whole_file()), dict)
