"""Commands: run a campaign, replay a history, prove the campaign, compare engines, soak."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from loguru import logger

from .baseline.comparison import compare, table
from .bugs.proof import prove, row
from .explore import command as exploring
from .histories.campaign import Tally, run_campaign
from .histories.history import draw_history
from .histories.play import play
from .histories.replayed import record as record_history
from .histories.story import failure_story, story_of
from .soak import soak

LEAST = 5000
BUDGET_S = 60.0
COMPARED = 100


def main(arguments: Sequence[str]) -> int:
    """Runs one command; returns 1 if a promise was broken or a planted bug survived."""
    logger.disable("trueup")
    given = _parser().parse_args(arguments or ["run"])
    commands: Mapping[str, Callable[[], int]] = {
        "run": lambda: _run(given),
        "replay": lambda: _replay(given.seed, given.keep),
        "proof": lambda: _prove(given.processes),
        "compare": lambda: _compare(given.histories),
        "soak": lambda: _soak(given.minutes, given.seed),
        "record": lambda: _record(given.seeds, given.into),
        "explore": lambda: exploring.run(given),
    }
    return commands[given.command]()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    run = commands.add_parser("run", help="play many histories (the default command)")
    run.add_argument("--seeds", default="", help="A-B: these seeds, however long they take")
    run.add_argument("--budget", type=float, default=BUDGET_S, help="seconds")
    run.add_argument("--least", type=int, default=LEAST, help="histories to play at the least")
    run.add_argument("--processes", type=int, default=2)
    replay = commands.add_parser("replay", help="play one history and print its story")
    replay.add_argument("seed", type=int)
    replay.add_argument("--keep", default="", help="positions of the moves to keep, or 'none'")
    proof = commands.add_parser("proof", help="catch every planted bug")
    proof.add_argument("--processes", type=int, default=2)
    side = commands.add_parser("compare", help="trueup beside the old bot's cancel-then-place")
    side.add_argument("--histories", type=int, default=COMPARED)
    long = commands.add_parser("soak", help="run live over sockets for some minutes")
    long.add_argument("--minutes", type=float, default=10.0)
    long.add_argument("--seed", type=int, default=1)
    record = commands.add_parser("record", help="write the recorded runs of histories into files")
    record.add_argument("seeds", type=int, nargs="+")
    record.add_argument("--into", type=Path, required=True, help="the folder")
    exploring.add_options(commands.add_parser("explore", help="walk every path in a small scope"))
    return parser


def _run(given: argparse.Namespace) -> int:
    first, last = _range(given.seeds)
    began = time.monotonic()
    least = 0 if last is not None else given.least
    tally, reached = run_campaign(
        first,
        last,
        budget_s=given.budget,
        least=least,
        processes=given.processes,
        watch=lambda tally: _progress(tally, began),
    )
    for seed, verdict in tally.failures[:1]:
        _say(failure_story(seed, verdict))
    for seed, verdict in tally.failures[1:]:
        _say(f"seed {seed} broke: {verdict.findings[0]}")
    wall = time.monotonic() - began
    _say(
        f"{tally.histories / tally.cpu_s:.1f} histories per second of processor time and core, "
        f"{tally.histories / wall:.1f} per second of wall time on {given.processes} processes; "
        f"{tally.on_sqlite} on SQLite"
    )
    _compare(COMPARED)
    _say(f"{tally.live} of these ran by themselves on private streams")
    _say(
        f"histories {tally.histories}, seeds {first}-{reached}, crashes {tally.crashes}, "
        f"faults {tally.faults}, violations {tally.violations}"
    )
    return 1 if tally.failures else 0


def _replay(seed: int, keep: str) -> int:
    history = draw_history(seed)
    kept = tuple(range(len(history.moves)))
    if keep:
        kept = () if keep == "none" else tuple(int(place) for place in keep.split(","))
    _say(story_of(history, kept))
    return 1 if play(history.keep(kept)).findings else 0


def _record(seeds: Sequence[int], folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        for written in record_history(seed, folder):
            _say(str(written))
    return 0


def _prove(processes: int) -> int:
    survived = 0
    _say(f"{'planted bug':42}  {'caught by':10}  {'broken promise':32}  histories")
    for catch in prove(processes):
        _say(row(catch))
        survived += catch.seed is None
    _say(f"planted bugs that survived: {survived}")
    return 1 if survived else 0


def _soak(minutes: float, seed: int) -> int:
    logger.remove()
    soaked = soak(minutes, seed, _say)
    for line in soaked.lines:
        _say(line)
    _say(f"soaked {minutes:g} minutes, seed {seed}, findings {len(soaked.findings)}")
    return 1 if soaked.findings else 0


def _compare(histories: int) -> int:
    _say(table(compare(1, histories), histories))
    return 0


def _range(seeds: str) -> tuple[int, int | None]:
    if not seeds:
        return 1, None
    first, _, last = seeds.partition("-")
    return int(first), int(last or first)


def _progress(tally: Tally, began: float) -> None:
    rate = tally.histories / (time.monotonic() - began)
    sys.stderr.write(f"\r{tally.histories} histories, {rate:.0f} per second ")
    sys.stderr.flush()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
