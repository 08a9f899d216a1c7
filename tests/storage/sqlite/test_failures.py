"""Databases that cannot be used: one clear line, nothing sent, nothing overwritten."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import build
from tests.cli.desk import MAIN, MIRROR, SYMBOL, Desk
from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import StoreError
from trueup.domain.store import Step
from trueup.simulator import Simulator, SimulatorServer
from trueup.storage.sqlite import SqliteStore

from ..samples import KEY, transition, watched

PAGE = 4096
NOISE = bytes(range(7, 256)) * 20
LADDERS = {
    MAIN: ["0.72 1360", "0.74 80", "0.76 80", "0.8 80"],
    MIRROR: ["0.72 340", "0.74 20", "0.76 20", "0.8 20"],
}


@pytest.fixture
def sim() -> Simulator:
    """Two longs without any TP order."""
    return build()


@pytest.fixture
def desk(tmp_path: Path, sim: Simulator) -> Iterator[Desk]:
    """A desk with a database that was used once; the main's position has grown since."""
    with SimulatorServer(sim) as server:
        made = Desk(tmp_path, server.url)
        assert made("run", "--once", "--quiet").exit_code == 0
        sim.open_position(MAIN, SYMBOL, "Buy", "600", "0.6950")
        yield made


def rested(sim: Simulator) -> dict[str, list[str]]:
    """What rests for each account, as ``price quantity``."""
    return {
        uid: sorted(f"{order.price.normalize()} {order.leaves}" for order in sim.orders(uid))
        for uid in (MAIN, MIRROR)
    }


def state(desk: Desk, sim: Simulator) -> tuple[object, ...]:
    """What a database that is refused may not change: itself, and anything at the exchange."""
    return hashlib.sha256(desk.database.read_bytes()).digest(), writes(sim), rested(sim)


def overwrite(path: Path, at: int, data: bytes) -> None:
    """Writes into the middle of a file, as a failing disk might."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def root_page(path: Path, name: str) -> int:
    """Where the table's first page begins."""
    with closing(sqlite3.connect(path)) as client:
        found = client.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,))
        return (int(found.fetchone()[0]) - 1) * PAGE


def new_schema(path: Path) -> None:
    """As a newer trueup would have left it."""
    with closing(sqlite3.connect(path)) as client:
        client.executescript("UPDATE alembic_version SET version_num = '0999'")


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no database at all": (
        lambda path: path.write_bytes(b"Dear diary, " * 4000),
        "file is not a database",
    ),
    "its header is noise": (
        lambda path: overwrite(path, 0, NOISE[:100]),
        "file is not a database",
    ),
    "its schema is noise": (
        lambda path: overwrite(path, 100, NOISE[: PAGE - 100]),
        "database disk image is malformed",
    ),
    "its second half is missing": (
        lambda path: os.truncate(path, 12 * PAGE),
        "database disk image is malformed",
    ),
    "its monitors are noise": (
        lambda path: overwrite(path, root_page(path, "monitor"), NOISE[:PAGE]),
        "database disk image is malformed",
    ),
    "it is of a newer trueup": (
        new_schema,
        "has the schema 0999, which this trueup does not know",
    ),
}


@pytest.mark.parametrize(("spoil", "says"), BROKEN.values(), ids=BROKEN)
def test_a_database_that_cannot_be_used_is_one_line(
    desk: Desk, sim: Simulator, spoil: Callable[[Path], object], says: str
) -> None:
    spoil(desk.database)
    before = state(desk, sim)
    result = desk("run", "--once", "--quiet")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("trueup: ")
    assert str(desk.database) in result.stderr
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert state(desk, sim) == before


def test_whichever_page_is_noise_the_ladder_is_right_or_nothing_was_sent(tmp_path: Path) -> None:
    uid = UIDS["mirror"]
    with Stage(tmp_path) as stage:
        stage.sim.open_position(uid, "BANDUSDT", "Sell", "307.3", "0.6800")
        stage.reconciler.reconcile(
            stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        )
        stage.reconciler.close()
        whole = (stage.path / "trueup.db").read_bytes()
        pages = range(0, len(whole), PAGE)
        ends = [run_with_noise(stage, whole, at, 900 + at // PAGE) for at in pages]
        assert 10 < ends.count("refused") < len(pages)
        last = 900 + len(pages)
        assert run_with_noise(stage, whole, None, last) == "true"
        assert sum(order.leaves for order in stage.sim.orders(uid)) == last


def run_with_noise(stage: Stage, whole: bytes, at: int | None, size: int) -> str:
    """Runs on a database with noise from there on, for one page, and a position of that size."""
    uid, database = UIDS["mirror"], stage.path / "trueup.db"
    for name in ("trueup.db-wal", "trueup.db-shm"):
        (stage.path / name).unlink(missing_ok=True)
    database.write_bytes(whole)
    if at is not None:
        overwrite(database, at, NOISE[:PAGE])
    stage.sim.set_position(uid, "BANDUSDT", "Sell", size, "0.6800")
    sent = len(stage.writes())
    try:
        with stage.open() as reconciler:
            reports = reconciler.reconcile_all()
            end = "true" if all(report.is_true for report in reports) else "not true"
    except StoreError as error:
        end = "refused" if "\n" not in str(error) else "told at length"
    assert end in ("true", "refused")
    assert len(stage.writes()) - sent in (0, 1)
    resting = stage.sim.orders(uid)
    assert len(resting) == len({order.price for order in resting}) == 4
    assert sum(order.leaves for order in resting) <= size
    return end


def test_a_full_database_keeps_what_it_has(store: SqliteStore) -> None:
    record = watched(store)
    store._writer.run(  # noqa: SLF001 - the writer's connection is nobody else's
        lambda connection: connection.execute("PRAGMA max_page_count = 1")
    )
    before = store.rows("transition_log")
    with pytest.raises(StoreError, match="database or disk is full"):
        store.commit(Step(record, transitions=(transition(),) * 200))
    assert store.load(KEY) == record
    assert store.rows("transition_log") == before
    store._writer.run(  # noqa: SLF001 - the same
        lambda connection: connection.execute("PRAGMA max_page_count = 100000")
    )
    assert store.commit(Step(record, transitions=(transition(),))).version == record.version + 1


@pytest.mark.parametrize("kilobytes", [0, 32, 64])
def test_a_disk_that_fills_up_ends_the_command(desk: Desk, sim: Simulator, kilobytes: int) -> None:
    sent = writes(sim)
    limited = ("sh", "-c", 'ulimit -f "$0" && exec "$@"', str(kilobytes * 2))
    done = give(desk, *limited)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"trueup: the database {desk.database} cannot be used: ")
    assert len(done.stderr.splitlines()) == 1
    assert writes(sim) - sent in (0, 1)
    assert desk("run", "--once", "--quiet").exit_code == 0
    assert rested(sim) == LADDERS


def test_a_disk_without_any_room_left_ends_the_command(
    tmp_path: Path, desk: Desk, sim: Simulator
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = 'mount -t tmpfs -o size=160k none "$0" && cp "$1" "$0" && shift && exec "$@"'
    apart = ("unshare", "-Urm", "sh", "-c", mount, str(small), str(desk.database))
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:  # noqa: S603 - our own command
        pytest.skip("this machine lets nobody mount a file system of their own")
    desk.write((str(desk.database), str(small / desk.database.name)))
    sent = writes(sim)
    done = give(desk, *apart)
    assert (done.returncode, done.stdout) == (3, "")
    assert "cannot be used: " in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert writes(sim) - sent in (0, 1)
    desk.write()
    assert desk("run", "--once", "--quiet").exit_code == 0
    assert rested(sim) == LADDERS


@pytest.mark.parametrize(
    ("target", "mode", "says"),
    [
        ("file", 0o444, "attempt to write a readonly database"),
        ("folder", 0o555, "Permission denied"),
    ],
)
def test_a_read_only_database_ends_the_command(
    desk: Desk, sim: Simulator, target: str, mode: int, says: str
) -> None:
    # In a user namespace without a mapping root is bound by modes as everybody else is.
    bound = ("unshare", "-U") if os.geteuid() == 0 else ("env",)
    if subprocess.run([*bound, "true"], capture_output=True, check=False).returncode:  # noqa: S603 - our own command
        pytest.skip("on this machine nothing binds root")
    path = desk.database if target == "file" else desk.folder
    (desk.folder / "trueup.db.lock").unlink()
    writable, before = path.stat().st_mode, state(desk, sim)
    path.chmod(mode)
    try:
        done = give(desk, *bound)
    finally:
        path.chmod(writable)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"trueup: the database {desk.database} cannot be used: ")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert state(desk, sim) == before
    assert desk("run", "--once", "--quiet").exit_code == 0
    assert rested(sim) == LADDERS


def writes(sim: Simulator) -> int:
    """How many writes arrived."""
    return sum(request.is_write for request in sim.requests)


def give(desk: Desk, *wrapped: str) -> "subprocess.CompletedProcess[str]":
    """``trueup run --once`` inside another command."""
    told = ("-m", "trueup", "run", "--once", "--quiet", "--config", str(desk.config))
    env = {name: value for name, value in desk.env.items() if value is not None}
    return subprocess.run(  # noqa: S603 - our own command
        [*wrapped, sys.executable, *told],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
