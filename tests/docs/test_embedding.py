"""The page on embedding: its code is the examples', its figures are measured."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue
from textwrap import dedent

import pytest

from tests.docs.pages import ROOT, blocks, text
from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import LoopSettings, Reconciler, RunReport, Sweep
from trueup.adapters.bybit import BybitFeed
from trueup.engine.live.status import ViewState

EXAMPLES = (
    "embed.py",
    "embed_timer.py",
    "embed_async.py",
    "embed_wellbeing.py",
    "own_bot_test.py",
    "drive_simulator.py",
    "beside_my_bot.py",
    "control_client.py",
    "pinned_bot/test_bot.py",
)
RARELY = LoopSettings(interval=timedelta(hours=1), streamed_interval=timedelta(hours=1))
DEADLINE_S = 60.0
_COST = re.compile(r"^\| ([^|]+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


def _excerpts(source: str, length: int) -> Iterator[str]:
    lines = source.splitlines()
    for begin in range(len(lines) - length + 1):
        yield dedent("\n".join(lines[begin : begin + length])).strip()


@pytest.mark.parametrize(
    "name", ["beside-my-bot.md", "control.md", "embedding.md", "simulator.md", "testing.md"]
)
def test_every_block_of_code_is_of_an_example_that_runs(name: str) -> None:
    """The five minutes with the simulator run by a test of their own, with a real ccxt."""
    files = [ROOT / "testing" / "__init__.py", *(ROOT / "examples" / one for one in EXAMPLES)]
    sources = [file.read_text("utf-8") for file in files]
    page = re.sub(r"^## Five minutes.*?(?=^## )", "", text(name), flags=re.DOTALL | re.MULTILINE)
    code = [block.strip() for block in blocks(page, "python")]
    assert code
    for block in code:
        length = len(block.splitlines())
        assert any(block in _excerpts(source, length) for source in sources), block


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """An open stage."""
    with Stage(tmp_path) as opened:
        yield opened


def _measured(stage: Stage) -> dict[str, tuple[int, int]]:
    """Reads and writes that reach the exchange, by what was done."""
    spent: dict[str, tuple[int, int]] = {}
    seen = 0

    def count(name: str) -> None:
        nonlocal seen
        kinds = Counter(request.is_write for request in stage.sim.requests[seen:])
        spent[name] = (kinds[False], kinds[True])
        seen = len(stage.sim.requests)
        stage.clock.advance(1000)

    def grow(quantity: str) -> None:
        stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", quantity, "0.6800")

    grow("307.3")
    stage.clock.advance(1000)
    mirror = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    count("`watch` of a new monitor, first of its symbol")
    stage.reconciler.reconcile(mirror)
    count("a run that places four orders")
    stage.reconciler.reconcile(mirror)
    count("a run in sync")
    grow("307.3")
    stage.clock.advance(1000)
    stage.reconciler.reconcile(mirror)
    count("a run that amends four orders")
    stage.sim.fill(UIDS["mirror"], stage.order("mirror", 1).order_id)
    stage.clock.advance(1000)
    stage.reconciler.reconcile(mirror)
    count("a run in sync after one order filled")
    stage.reconciler.preview(mirror)
    count("`preview`")
    return spent


def _measured_by_itself(stage: Stage) -> dict[str, tuple[int, int]]:
    """The same where the loop runs: what a sweep asks, and what runs on a proven view ask."""
    spent: dict[str, tuple[int, int]] = {}
    runs: SimpleQueue[RunReport] = SimpleQueue()
    sweeps: SimpleQueue[Sweep] = SimpleQueue()
    stage.reconciler.close()
    stage.reconciler = Reconciler(
        stage.url, accounts=stage.accounts(), sinks=[], connect=stage.connect, listen=BybitFeed
    )

    def start(*, streams: bool) -> None:
        stage.reconciler.start(
            settings=replace(RARELY, streams=streams),
            on_run=lambda _reason, report: runs.put(report),
            on_sweep=sweeps.put,
        )

    def cost(name: str, seen: int) -> None:
        kinds = Counter(request.is_write for request in stage.sim.requests[seen:])
        spent[name] = (kinds[False], kinds[True])

    def filled(name: str, order_id: str) -> None:
        stage.clock.advance(1000)
        seen = len(stage.sim.requests)
        stage.sim.fill(UIDS["mirror"], order_id)
        assert runs.get(timeout=DEADLINE_S).is_true
        cost(name, seen)

    stage.reconciler.reconcile_all()
    seen = len(stage.sim.requests)
    start(streams=False)
    assert sweeps.get(timeout=DEADLINE_S).drifted == {}
    cost("a sweep of an account, however many monitors it has", seen)
    stage.reconciler.stop()
    start(streams=True)
    while stage.reconciler.views()[0].state is not ViewState.SYNCED:
        sweeps.get(timeout=DEADLINE_S)
    stage.clock.advance(1000)
    entry = stage.sim.place_entry(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.7100")
    filled("an entry fills, private streams on: four orders amended", entry)
    filled("a take-profit fills, private streams on", stage.order("mirror", 2).order_id)
    return spent


def test_runs_cost_what_the_page_says(stage: Stage) -> None:
    told = {
        what: (int(reads), int(writes))
        for what, reads, writes in _COST.findall(text("embedding.md"))
    }
    measured = _measured(stage)
    assert told == {**measured, **_measured_by_itself(stage)}
