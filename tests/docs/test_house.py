"""The map of the house: what it reads from a repository, and that every room says what it holds."""

from graphlib import CycleError
from pathlib import Path

import pytest

from docs.house.__main__ import main
from docs.house.rooms import survey
from docs.house.text import found, house, modules

FILES = {
    "src/trueup/__init__.py": '"""The face."""\nfrom .engine.run.driver import drive\n',
    "src/trueup/__main__.py": '"""Starts."""\nfrom .engine import later\n',
    "domain/__init__.py": '"""Values.\n\nMore of them."""',
    "domain/ports.py": '"""Ports."""',
    "domain/model/__init__.py": '"""Nouns."""',
    "domain/model/order.py": '"""An order, by id."""',
    "engine/__init__.py": '"""Runs."""',
    "engine/run/__init__.py": '"""One run."""',
    "engine/run/driver.py": (
        '"""Drives."""\nfrom ...domain.model import order\nfrom ...domain import ports\n'
    ),
    "chaos/__init__.py": (
        '"""Histories."""\nimport trueup.domain.model.order\nfrom trueup import drive\n'
    ),
    "tests/__init__.py": '"""Tests."""',
    "tests/domain/__init__.py": '"""Not a room of its own."""',
}
MAP = """\
In the wheel:

src/trueup/ (1): The face.
    → engine: run

engine/: Runs.
engine/run/ (1): One run.
    → domain: ports, model

domain/ (1): Values.
domain/model/ (1): Nouns.

Beside it:

chaos/: Histories.
    → trueup · domain: model

tests/: Tests.
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small house."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for floor in ("domain", "engine"):
        (tmp_path / "src" / "trueup" / floor).symlink_to(f"../../{floor}")
    return tmp_path


def test_the_map_of_a_small_house(repository: Path) -> None:
    assert house(survey(repository)) == MAP


def test_floors_that_import_each_other_have_no_map(repository: Path) -> None:
    module = repository / "domain" / "model" / "order.py"
    module.write_text('"""An order."""\nfrom ...engine import run\n', encoding="utf-8")
    with pytest.raises(CycleError):
        survey(repository)


def test_a_room_shows_its_modules_and_those_of_the_rooms_in_it(repository: Path) -> None:
    rooms = survey(repository)
    assert modules(rooms, "domain").splitlines() == [
        "domain/ (1): Values.",
        "    ports.py: Ports.",
        "",
        "domain/model/ (1): Nouns.",
        "    order.py: An order, by id.",
    ]
    assert found(rooms, "BY ID") == "domain/model/ (1): Nouns.\n    order.py: An order, by id.\n"
    assert found(rooms, "more of") == "domain/ (1): Values.\n"
    assert modules(rooms, "cellar") == found(rooms, "cellar") == ""


def test_every_room_and_module_says_what_it_is_for() -> None:
    rooms = survey()
    assert [room.path for room in rooms.values() if not room.docstring] == []
    assert [
        each.path for room in rooms.values() for each in room.modules if not each.docstring
    ] == []


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("110072", "answers.py"),
        ("recognised", "domain/recognition/"),
        ("texts of alerts", "domain/reporting/"),
    ],
)
def test_a_newcomer_finds_the_place(
    word: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--word", word]) == 0
    assert place in capsys.readouterr().out
    assert main(["--room", "cellar"]) == 1
