"""Environments of clients: what cannot be had says so, and is not kept."""

from pathlib import Path

import pytest

from tests.clients import environments
from tests.clients.environments import CannotBeHadError, python_of


def test_a_package_that_cannot_be_had_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "CACHE", tmp_path / "cache")
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"{tmp_path / 'no-such-file.whl'}\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(CannotBeHadError, match=r"no-such-file\.whl"):
            python_of(lock)
