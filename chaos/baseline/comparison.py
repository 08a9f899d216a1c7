"""Compares trueup with the bot that it replaces: the same histories before the same judge."""

from collections import Counter
from collections.abc import Mapping

from ..histories.history import draw_history
from ..histories.play import play
from ..world.engine import Start
from ..world.live_engine import start_trueup
from .cancel_then_place import start_baseline

ENGINES: Mapping[str, Start] = {"trueup": start_trueup, "cancel, then place": start_baseline}
COUNTED: Mapping[str, str] = {
    "duplicates": "P1 never twice",
    "losses": "P2 never lost",
    "naked moments": "P4 no naked moment",
    "above the position": "P3 not above the position",
    "not whole at rest": "P3 whole cover",
}


def compare(first: int, last: int) -> dict[str, Counter[str]]:
    """Counts each engine's findings by promise; engines run pass by pass, never live."""
    counts: dict[str, Counter[str]] = {}
    for engine, start in ENGINES.items():
        counts[engine] = Counter()
        for seed in range(first, last + 1):
            verdict = play(draw_history(seed, live=False), start=start)
            counts[engine].update(finding.promise for finding in verdict.findings)
    return counts


def table(counts: Mapping[str, Counter[str]], histories: int) -> str:
    """The counts side by side, as plain text."""
    width = max(len(name) for name in COUNTED)
    lines = [f"{f'in {histories} histories':{width}}" + "".join(f"  {name:>18}" for name in counts)]
    for name, promise in COUNTED.items():
        lines.append(f"{name:{width}}" + "".join(f"  {c[promise]:>18}" for c in counts.values()))
    return "\n".join(lines)
