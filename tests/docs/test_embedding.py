"""The page on embedding: its code is the examples', its figures are measured."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.docs.pages import ROOT, blocks, text
from tests.stage import BAND_LADDER, UIDS, Stage

EXAMPLES = ("embed.py", "embed_async.py", "own_bot_test.py")
_COST = re.compile(r"^\| ([^|]+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


def _excerpts(source: str, length: int) -> Iterator[str]:
    lines = source.splitlines()
    for begin in range(len(lines) - length + 1):
        yield dedent("\n".join(lines[begin : begin + length])).strip()


@pytest.mark.parametrize("name", ["embedding.md", "simulator.md"])
def test_every_block_of_code_is_of_an_example_that_runs(name: str) -> None:
    sources = [(ROOT / "examples" / example).read_text("utf-8") for example in EXAMPLES]
    code = [block.strip() for block in blocks(text(name), "python")]
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
    count("`watch` with a ladder, first of its symbol")
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


def test_runs_cost_what_the_page_says(stage: Stage) -> None:
    told = {what: (int(reads), int(writes)) for what, reads, writes in _COST.findall(_costs())}
    assert told == _measured(stage)


def _costs() -> str:
    return text("embedding.md")
