"""Whoever has no database on PostgreSQL pays nothing for it."""

import subprocess
import sys
from pathlib import Path

import pytest

from trueup.domain.model.errors import StoreError
from trueup.storage import open_store

WITHOUT = """
import sys
from trueup.storage import open_reader, open_store
from trueup.storage.beside import is_held, is_there
url = f"sqlite:///{sys.argv[1]}"
open_store(url).close()
open_reader(url).close()
assert is_there(url) and not is_held(url)
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"psycopg", "sqlalchemy"}))
"""


def test_a_store_on_a_file_imports_no_driver(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", WITHOUT, str(tmp_path / "trueup.db")],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "\n"


def test_a_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("trueup.storage.postgres.")]:
        if not name.endswith(("address", ".access")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"install trueup\[postgres\]"):
        open_store("postgresql://trueup@127.0.0.1:1/trueup")
