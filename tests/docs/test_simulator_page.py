"""The page of the simulator names all there is."""

import re
from dataclasses import MISSING, fields
from decimal import Decimal
from enum import Enum

from tests.docs.pages import text
from trueup.simulator import Behaviour, FaultKind, Simulator
from trueup.simulator.api.routes import ROUTES
from trueup.simulator.server.control import Control

_SWITCH = re.compile(r"^\| `(\w+)` \| `?([^|`]+)`? \| [^|]+ \|$", re.MULTILINE)
_KIND = re.compile(r"^\| `(\w+)` \| [^|]+ \|$", re.MULTILINE)
_ROUTE = re.compile(r"^\| `(/v5/[\w/-]+)` \| (GET|POST) \|$", re.MULTILINE)


def _section(title: str) -> str:
    return text("simulator.md").split(f"## {title}\n")[1].split("\n## ")[0]


def _word(value: object) -> str:
    if value is None:
        return "endless"
    return str(value.value if isinstance(value, Enum) else value).replace(",", "")


def test_every_switch_with_its_default() -> None:
    told = dict(_SWITCH.findall(_section("Switches")))
    there = {
        field.name: _word(field.default).lower()
        for field in fields(Behaviour)
        if field.default is not MISSING and not isinstance(field.default, Decimal)
    }
    assert told == there
    assert len(there) == len(fields(Behaviour))


def test_every_value_of_a_switch() -> None:
    page = _section("Switches")
    defaults = [field.default for field in fields(Behaviour)]
    choices = [value for each in defaults if isinstance(each, Enum) for value in type(each)]
    assert choices
    assert [choice.value for choice in choices if f"`{choice.value}`" not in page] == []


def test_every_kind_of_fault() -> None:
    assert set(_KIND.findall(_section("Faults"))) == {kind.value for kind in FaultKind}


def test_every_path() -> None:
    told = {(method, path) for path, method in _ROUTE.findall(_section("What it simulates"))}
    assert told == set(ROUTES)


def test_every_command_of_control() -> None:
    status, answer = Control(Simulator()).post("nothing", b"")
    assert status == 404
    assert set(_told()) == set(answer["commands"])


def test_every_argument_of_a_command() -> None:
    """A command that is given an argument it does not have names those that it has."""
    control = Control(Simulator())
    for name, arguments in _told().items():
        _, answer = control.post(name, b'{"no_such": 1}')
        _, found, there = answer["error"].partition("there is no no_such: there is ")
        if found and name not in {"add_instrument", "behaviour", "inject"}:
            assert (name, ", ".join(arguments) or "nothing") == (name, there)


def _told() -> dict[str, list[str]]:
    """The commands of the table, each with the arguments that it names."""
    table = _section("Control over HTTP").split("`GET /control")[0]
    rows = [line.split("|")[1:] for line in table.splitlines() if line.startswith("| `")]
    return {name: _arguments(row[1]) for row in rows for name in re.findall(r"`(\w+)`", row[0])}


def _arguments(cell: str) -> list[str]:
    return re.findall(r"`(\w+)\??`", re.sub(r"\([^)]*\)", "", cell))


def test_every_query_of_control() -> None:
    status, answer = Control(Simulator()).get("nothing", {})
    assert status == 404
    table = _section("Control over HTTP").partition("`GET /control/NAME`")[2]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(answer["queries"])
