"""The wheel: it holds the product and nothing else, and works where only it is installed."""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from subprocess import PIPE, Popen

import pytest

from tests.packaging.building import BESIDE, FACE, FOLDERS, ROOT, run
from tests.packaging.environment import environment
from trueup.simulator import scenarios

STATIC = ("simulator/server/static", "service/page/static", "service/page/templates")
SERVED = (
    "from urllib.request import ProxyHandler, build_opener;"
    "from trueup.simulator import Simulator, SimulatorServer;"
    "opened = build_opener(ProxyHandler({})).open;"
    "server = SimulatorServer(Simulator()); server.start();"
    "print(*(len(opened(server.url + path).read()) for path in ('/', '/page/page.js')));"
    "server.stop()"
)
WITHOUT_EXTRAS = (
    "import sys; extras = ('starlette', 'uvicorn', 'pytest', 'syrupy');"
    "sys.modules.update(dict.fromkeys(extras));"
    "import trueup, trueup.simulator, trueup.testing;"
    "trueup.simulator.Simulator(); trueup.testing.InProcessSimulator();"
    "print(trueup.Reconciler.__name__, trueup.__file__)"
)


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the wheel, the simulator's extra, and no sources."""
    return environment(wheel, tmp_path_factory.mktemp("home") / "environment", "simulator")


def _shipped() -> Iterator[PurePosixPath]:
    yield from (PurePosixPath("trueup", each.name) for each in FACE.iterdir() if each.is_file())
    for name in FOLDERS[1:]:
        for path in (ROOT / name).rglob("*.py"):
            yield PurePosixPath("trueup", path.relative_to(ROOT))
    for path in scenarios().values():
        yield PurePosixPath("trueup", "simulator", "scenarios", path.name)
    for folder in STATIC:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file():
                yield PurePosixPath("trueup", path.relative_to(ROOT))


def test_the_wheel_holds_what_ships_and_nothing_else(wheel: Path) -> None:
    held = {PurePosixPath(name) for name in zipfile.ZipFile(wheel).namelist()}
    code = {path for path in held if path.parts[0] == "trueup"}
    assert code == set(_shipped())
    assert {path.parts[0].partition("-")[0] for path in held} == {"trueup"}
    assert [path for path in code if {*BESIDE, "bugs"} & set(path.parts)] == []
    assert {"testing", "simulator"} <= {path.parts[1] for path in code}


def test_the_public_packages_need_no_extra(programs: Path, tmp_path: Path) -> None:
    name, file = run(programs / "python", "-c", WITHOUT_EXTRAS, cwd=tmp_path).split(maxsplit=1)
    assert name == "Reconciler"
    assert Path(file.strip()).is_relative_to(programs.parent)


def test_the_scenarios_are_served_by_name(programs: Path, tmp_path: Path) -> None:
    listed = run(programs / "trueup", "simulator", "--list", cwd=tmp_path).splitlines()
    assert [line.partition(":")[0] for line in listed] == [*scenarios()]
    for name in scenarios():
        command = (programs / "trueup", "simulator", "--scenario", name)
        with Popen(command, stdout=PIPE, text=True, cwd=tmp_path) as process:  # noqa: S603 - ours
            assert process.stdout is not None
            assert process.stdout.readline().startswith("http://127.0.0.1:")
            process.terminate()


def test_the_page_of_the_simulator_is_served(programs: Path, tmp_path: Path) -> None:
    read = run(programs / "python", "-c", SERVED, cwd=tmp_path).split()
    assert read == [
        str((ROOT / STATIC[0] / name).stat().st_size) for name in ("index.html", "page.js")
    ]


def test_the_demo_runs(programs: Path, tmp_path: Path) -> None:
    output = run(programs / "trueup", "demo", "--fast", cwd=tmp_path)
    assert "TP1: 261.2→783.6 ✅" in output
    assert (tmp_path / "trueup-demo.db").is_file()
