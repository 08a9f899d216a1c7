"""The plugin, as pytest loads it: cheap, and without what a bot's environment may lack."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.testing.running import passed

CHEAP = """
import sys, trueup.testing.plugin
costly = ("trueup.", "syrupy", "pybit", "sqlalchemy")
print(*[name for name in sys.modules if name.startswith(costly)])
"""
RUNS = """
    from trueup import Ladder


    def test_it_runs(open_stage):
        stage = open_stage(Ladder.of(("0.7200", 100)))
        stage.enter("100")
        assert stage.run().is_true
"""


def test_loading_it_imports_nothing_else() -> None:
    command = [sys.executable, "-c", CHEAP]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stdout.split() == ["trueup.testing", "trueup.testing.plugin"]


def test_it_needs_no_syrupy(tmp_path: Path) -> None:
    (tmp_path / "syrupy").mkdir()
    (tmp_path / "syrupy" / "__init__.py").write_text("raise ImportError", "utf-8")
    assert "1 passed" in passed(tmp_path, RUNS, "-p", "no:syrupy")


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_the_server_s_tests_are_skipped(tmp_path: Path, missing: str) -> None:
    code = f"""
        import sys

        sys.modules[{missing!r}] = None  # as if it were not installed


        def test_it_is_served(simulator_server): ...
        """
    printed = passed(tmp_path, code)
    assert "1 skipped" in printed
    assert "pip install 'trueup[simulator]'" in printed


def test_a_fixture_of_the_bot_s_own_takes_its_place(tmp_path: Path) -> None:
    code = """
        import pytest


        @pytest.fixture
        def simulator():
            return "the bot's own"


        def test_it_is_that(simulator):
            assert simulator == "the bot's own"
        """
    assert "1 passed" in passed(tmp_path, code)


def test_the_reconciler_is_on_the_simulator(tmp_path: Path) -> None:
    code = """
        from trueup import Ladder
        from trueup.testing import ACCOUNT, SYMBOL, UID


        def test_it_covers(simulator, reconciler):
            simulator.open_position(UID, SYMBOL, "Buy", "100", price="0.7000")
            monitor = reconciler.watch(ACCOUNT.name, SYMBOL, "Buy", Ladder.of(("0.72", 100)))
            assert reconciler.reconcile(monitor).is_true
            assert [order.quantity for order in simulator.orders(UID)] == [100]
        """
    assert "1 passed" in passed(tmp_path, code)
