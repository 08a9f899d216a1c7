"""The disk is full from some point of a run on: nothing more is sent, and nothing is lost."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.conftest import story
from tests.crash.ending import ending_of
from tests.crash.job import Reached
from tests.crash.process import Zygote
from tests.crash.world import World


@pytest.mark.parametrize("name", ["shorter"])
def test_a_disk_that_is_full_from_any_point_on(
    tmp_path: Path, empty: Path, zygotes: tuple[Zygote, Zygote], name: str
) -> None:
    zygote = zygotes[0]
    with closing(world_of(tmp_path / "healthy", name, empty)) as opened:
        points = zygote.start(opened.job("a")).tale().reached
        expected = ending_of(opened, zygote.start(opened.job("b")).tale()).ladder
    ended = points.index("Alerting.before-commit") + 1
    for number, reached in enumerate(numbered(points[:ended])):
        with closing(world_of(tmp_path / f"{number}", name, empty)) as opened:
            fill(opened, zygote, reached)
            opened.peer.forget()
            tale = zygote.start(opened.job("b")).tale()
            ending = ending_of(opened, tale)
            assert ending.ladder == expected
            assert ending.duplicates == ending.lost == ending.alerts == ending.broken == ()


def fill(world: World, zygote: Zygote, reached: Reached) -> None:
    """Runs a process whose disk is full from there on: its next commit is its end."""
    tale = zygote.start(replace(world.job("a"), full=reached)).tale()
    assert tale.error.startswith(
        f"StoreUnavailable: the database {world.database} cannot be used: "
    )
    assert "\n" not in tale.error
    later = tale.reached[_place(tale.reached, reached) + 1 :]
    commits = [point for point in later if point.endswith("-commit")]
    assert commits == ([] if reached.point.endswith("before-commit") else [tale.reached[-1]])
    assert tale.reached[-1].endswith("before-commit")
    sends = [point for point in tale.reached if point.endswith("before-send")]
    assert sum(world.peer.seen.values()) == len(sends)


def numbered(points: list[str]) -> Iterator[Reached]:
    """Each point with the number of the time it is reached."""
    times: Counter[str] = Counter()
    for point in points:
        times[point] += 1
        yield Reached(point, times[point])


def _place(points: list[str], reached: Reached) -> int:
    return list(numbered(points)).index(reached)


def world_of(folder: Path, name: str, empty: Path) -> World:
    """A world in a folder of its own."""
    folder.mkdir()
    return World(folder, story(name), empty)
