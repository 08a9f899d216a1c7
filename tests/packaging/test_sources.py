"""The source distribution: all of the repository, with the tests, and it builds the same wheel."""

import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packaging.building import BESIDE, FILES, FOLDERS, ROOT, build_sources, run, wheel_of

TESTED = (
    "import pytest; code = pytest.main(sys.argv[1:]);"
    "import trueup; print(trueup.__file__); sys.exit(code)"
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    folder = tmp_path_factory.mktemp("sources")
    with tarfile.open(build_sources(folder)) as archive:
        assert [each.name for each in archive if not (each.isfile() or each.isdir())] == []
        archive.extractall(folder / "unpacked", filter="data")
    (root,) = (folder / "unpacked").iterdir()
    return root


def test_it_holds_all_files_of_the_repository(unpacked: Path) -> None:
    rooms = {name: f"src/trueup/{name}" for name in FOLDERS[1:]}
    expected = rooms | {name: name for name in (*BESIDE, "fixtures")}
    missing = [
        f"{name}/{file.relative_to(ROOT / name)}"
        for name, place in expected.items()
        for file in (ROOT / name).rglob("*")
        if file.is_file()
        and "__pycache__" not in file.parts
        and not (unpacked / place / file.relative_to(ROOT / name)).is_file()
    ]
    assert missing == []
    assert all((unpacked / name).is_file() for name in FILES)


def test_it_builds_the_wheel_that_the_repository_builds(
    unpacked: Path, wheel: Path, tmp_path: Path
) -> None:
    wheel_of(unpacked, tmp_path)
    (built,) = tmp_path.glob("*.whl")
    ours, theirs = zipfile.ZipFile(wheel), zipfile.ZipFile(built)
    assert sorted(theirs.namelist()) == sorted(ours.namelist())
    assert {name for name in ours.namelist() if ours.read(name) != theirs.read(name)} == set()


def test_its_tests_run_on_its_own_code(unpacked: Path) -> None:
    tested = ("-o", "addopts=", "-q", "tests/testing/test_stage.py")
    paths = f"import sys; sys.path[:0] = {[str(unpacked / 'src'), str(unpacked)]!r}; {TESTED}"
    *_, closing, file = run(sys.executable, "-c", paths, *tested, cwd=unpacked).splitlines()
    assert " passed" in closing
    assert Path(file).is_relative_to(unpacked)
