"""The map of the house: what it reads from a repository, and that every room says what it holds."""

from graphlib import CycleError
from pathlib import Path

import pytest

from docs.house.__main__ import main
from docs.house.rooms import ROOT, survey
from docs.house.text import found, house, module, modules
from tests.house.words import sources

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


def test_whole_words_come_before_parts_of_words(repository: Path) -> None:
    (repository / "engine" / "run" / "wire.py").write_text(
        '"""Speaks http."""\nID = "orderLinkId"\nTP = 1\n', encoding="utf-8"
    )
    rooms = survey(repository)
    assert found(rooms, "tp") == "engine/run/wire.py:3: TP = 1\n"
    assert found(rooms, "orderlinkid") == 'engine/run/wire.py:2: ID = "orderLinkId"\n'
    assert found(rooms, "htt").splitlines()[1:] == ["    wire.py: Speaks http."]


def test_a_module_shows_what_it_imports(repository: Path) -> None:
    assert module(survey(repository), "engine/run/driver.py").splitlines() == [
        "    driver.py: Drives.",
        "        → domain/model/order",
        "        → domain/ports",
    ]


def test_a_room_is_found_wherever_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("tests/cli/commands", "storage/migrations", "fixtures", "engine/run/factory.py"):
        assert main(["--room", name]) == 0, name
    assert main(["--room", "domain/planing"]) == 1
    assert "do you mean domain/planning" in capsys.readouterr().out


def test_every_room_and_module_says_what_it_is_for() -> None:
    rooms = survey()
    assert [room.path for room in rooms.values() if not room.docstring] == []
    assert [
        each.path for room in rooms.values() for each in room.modules if not each.docstring
    ] == []


def test_no_room_of_the_product_or_the_campaign_has_more_than_fifteen_modules() -> None:
    rooms = [room for room in survey().values() if room.ships or room.path.parts[0] == "chaos"]
    assert {str(room.path): len(room.modules) for room in rooms if len(room.modules) > 15} == {}


def test_no_module_has_more_than_400_lines() -> None:
    folders = tuple(each.name for each in ROOT.iterdir() if each.is_dir() and each.name[0] != ".")
    lengths = {path: len(text.splitlines()) for path, text in sources(folders)}
    assert "tests/docs/test_house.py" in lengths
    assert {path: length for path, length in lengths.items() if length > 400} == {}


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("110072", "answers.py"),
        ("orderLinkId", "adapters/bybit/wire/names.py"),
        ("retCode", "adapters/bybit/wire/names.py"),
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
