"""Two processes on one database: the second is refused; past the lock, one of them is fenced."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.cli.desk import Desk
from tests.crash.conftest import Open, story
from tests.crash.ending import Ending, Rested, ending_of
from tests.crash.job import Tale
from tests.crash.process import Stepped, Zygote
from tests.crash.world import World
from trueup.simulator import SimulatorServer

STORIES = ("first", "grown", "shorter", "replace")
Pair = tuple[Zygote, Zygote]

PLACED: list[Rested] = [
    ("202", "0.6", "15.3", "0"),
    ("202", "0.62", "15.4", "0"),
    ("202", "0.64", "15.4", "0"),
    ("202", "0.6528", "261.2", "0"),
]
GROWN: list[Rested] = [
    ("202", "0.6", "46.1", "0"),
    ("202", "0.62", "46.1", "0"),
    ("202", "0.64", "46.1", "0"),
    ("202", "0.6528", "783.6", "0"),
]
LADDERS = {
    "first": PLACED,
    "grown": GROWN,
    "replace": GROWN,
    "shorter": [
        ("202", "0.62", "30.7", "0"),
        ("202", "0.64", "15.4", "0"),
        ("202", "0.6528", "261.2", "0"),
    ],
}


def test_the_second_process_refuses_to_run(zygotes: Pair, world: Open) -> None:
    opened = world("first")
    first = Stepped(zygotes[0], replace(opened.job("a"), stepped=True))
    asked = len(opened.peer.requests)
    refused = zygotes[1].start(opened.job("b")).tale()
    assert refused.error.startswith(f"StoreLocked: {opened.database} is in use by another trueup")
    assert "stop it first" in refused.error
    assert len(opened.peer.requests) == asked
    first.finish()
    assert sound(opened, zygotes[1]) == PLACED


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Desk]:
    """A desk at which ``trueup run`` has the database."""
    from tests.cli.conftest import build  # noqa: PLC0415 - its fixtures are not of this folder

    with SimulatorServer(build()) as server:
        desk = Desk(tmp_path, server.url)
        process = desk.process("run", stderr=subprocess.STDOUT)
        assert process.stdout is not None
        for line in process.stdout:
            if "watching" in line:
                break
        yield desk
        desk.clear()


def test_the_command_says_so_and_ends_with_3(running: Desk) -> None:
    result = running("run", "--once")
    assert result.exit_code == 3
    assert result.stderr.startswith(f"trueup: {running.database} is in use by another trueup")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["grown", "shorter"])
def test_whoever_is_overtaken_at_a_point_is_fenced(
    tmp_path: Path, empty: Path, zygotes: Pair, name: str
) -> None:
    with closing(world_of(tmp_path / "all", name, empty)) as opened:
        points = zygotes[0].start(opened.job("a")).tale().reached
    told = points.index("Alerting.before-commit") + 1
    tried = 0
    for number, point in enumerate(points[:told]):
        if point.endswith("after-commit"):
            continue  # whatever comes next is no different
        tried += 1
        with closing(world_of(tmp_path / f"{number}", name, empty)) as opened:
            overtake(opened, zygotes, number, point)
            assert sound(opened, zygotes[1]) == LADDERS[name], point
    assert tried >= 3


def overtake(world: World, zygotes: Pair, number: int, point: str) -> None:
    """A process waits at its point of that number while another one does all there is to do."""
    first = Stepped(zygotes[0], replace(world.job("a"), stepped=True, passes=1))
    for _ in range(number):
        first.go()
    assert first.at == point
    other = zygotes[1].start(replace(world.job("b"), unlocked=True)).tale()
    assert other.is_quiet, point
    sent = world.peer.items
    tale = first.finish()
    assert (tale.fenced, tale.passes) == (1, [[("FENCED", 0)]]), point
    if not point.endswith("before-send"):
        assert world.peer.items == sent, point


@pytest.mark.parametrize("seed", range(1))
@pytest.mark.parametrize("name", STORIES)
def test_both_run_at_once_and_the_ladder_is_right(
    world: Open, zygotes: Pair, name: str, seed: int
) -> None:
    opened = world(name)
    dice = Random(seed)  # noqa: S311 - a schedule, no secret
    first = Stepped(zygotes[0], replace(opened.job("a"), stepped=True))
    second = Stepped(zygotes[1], replace(opened.job("b"), stepped=True, unlocked=True))
    steps = 0
    while not (first.is_over and second.is_over):
        dice.choice([one for one in (first, second) if not one.is_over]).go()
        steps += 1
    tales = (first.finish(), second.finish())
    assert [tale.error for tale in tales] == ["", ""]
    assert any(tale.fenced for tale in tales)
    assert steps > 12
    assert sound(opened, zygotes[0]) == LADDERS[name]


def sound(world: World, zygote: Zygote) -> list[Rested]:
    """The ladder at rest, once one more process found nothing to do and nothing amiss."""
    world.peer.forget()
    last: Tale = zygote.start(world.job("c")).tale()
    ending: Ending = ending_of(world, last)
    assert last.writes == 0
    assert ending.duplicates == ending.lost == ending.alerts == ()
    assert ending.broken == ending.excesses == ()
    return sorted(
        (uid, plain(price), quantity, filled) for uid, price, quantity, filled in ending.ladder
    )


def plain(price: str) -> str:
    """A price without zeros at its end."""
    return price.rstrip("0").rstrip(".")


def world_of(folder: Path, name: str, empty: Path) -> World:
    """A world in a folder of its own."""
    folder.mkdir()
    return World(folder, story(name), empty)
