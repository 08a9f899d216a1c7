"""The page of options: complete, and its example works."""

from pathlib import Path

import pytest

from docs.writers.configuration import EXAMPLE, options
from docs.writers.options import MEANINGS
from tests.docs.pages import blocks, text
from trueup import MonitorKey, Role, Side
from trueup.cli.configuration.loading import load


def test_every_option_has_a_meaning_and_every_meaning_an_option() -> None:
    assert {f"{section}.{name}" for section, name, _ in options()} == set(MEANINGS)


def test_the_example_is_a_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert EXAMPLE.strip() + "\n" in blocks(text("configuration.md"), "toml")
    path = tmp_path / "trueup.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    for variable in ("MAIN_KEY", "MAIN_SECRET", "MIRROR_KEY", "MIRROR_SECRET"):
        monkeypatch.setenv(variable, "given")
    loaded = load(path)
    assert [account.role for account in loaded.accounts()] == [Role.MAIN, Role.MIRROR]
    assert [monitor.key for monitor in loaded.options.monitors] == [
        MonitorKey("main", "BANDUSDT", Side.BUY),
        MonitorKey("mirror", "BANDUSDT", Side.BUY),
    ]
