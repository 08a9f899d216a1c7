"""A forked process gets a clear error at once, and takes nothing of the parent's with it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def fork(folder: Path, how: str) -> dict[str, Any]:
    """What the child and the parent found; fails where one of them hangs."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "tests.engine.forking", str(folder), how],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = {}
    for line in done.stdout.splitlines():
        found |= json.loads(line)
    return found


def test_every_call_in_a_child_is_refused_within_a_second(tmp_path: Path) -> None:
    found = fork(tmp_path, "plain")
    child = found["child"]
    assert child.pop("close") == "done"
    assert {text.split(": ")[0] for text in child.values()} == {"StoreLocked"}
    assert "make one here after the fork" in child["reconcile"]
    assert found["seconds"] < 1
    assert (found["parent"], found["own"]) == ("done", "done")


def test_a_child_keeps_no_lock_after_its_parent(tmp_path: Path) -> None:
    assert fork(tmp_path, "orphan") == {"parent": "done"}


def test_a_child_may_open_a_database_of_its_own_and_not_the_parents(tmp_path: Path) -> None:
    found = fork(tmp_path, "own")
    assert found["child"] == "done"
    assert found["same"].startswith("StoreLocked: ")


def test_the_same_on_asyncio(tmp_path: Path) -> None:
    assert fork(tmp_path, "on_asyncio") == {"child": "StoreLocked", "parent": 0}


def test_a_worker_of_multiprocessing_ends(tmp_path: Path) -> None:
    found = fork(tmp_path, "by_multiprocessing")
    assert found["child"].startswith("StoreLocked: ")
    assert (found["parent"], found["code"]) == ("done", 0)
