"""A history as a story: the scene, the moves as drawn, and what really happened."""

from collections.abc import Sequence

from trueup.domain.model.instrument import plain

from ..scene.scene import Scene
from ..world.engine import Start
from ..world.live_engine import start_trueup
from .history import History, draw_history
from .moves.stops import words_of
from .play import Verdict, play
from .shrinking import shrink

_TIME = 10


def story_of(history: History, kept: Sequence[int], *, start: Start = start_trueup) -> str:
    """Plays the history with only these moves, and renders its story."""
    played = history.keep(kept)
    verdict = play(played, start=start, keep_log=True)
    moves = [f"  {move.at_ms:6d} ms  {move.description}" for move in played.moves]
    lines = [
        f"seed {history.seed}: {len(played.moves)} of {len(history.moves)} moves",
        *scene_lines(history.scene),
        "What was to happen:",
        *(moves or ["  nothing"]),
        "What happened:",
        *sorted(verdict.lines, key=lambda line: float(line[:_TIME])),
        "Broken:" if verdict.findings else "All promises held.",
        *(f"  {finding}" for finding in verdict.findings),
    ]
    return "\n".join(lines)


def failure_story(seed: int, verdict: Verdict, *, start: Start = start_trueup) -> str:
    """The shortest story that breaks the same promise, with the command that replays it."""
    history = draw_history(seed)
    promise = verdict.findings[0].promise
    kept = shrink(history, lambda h: _breaks(h, promise, start))
    return f"{story_of(history, kept, start=start)}\nreplay: {command(seed, kept)}"


def command(seed: int, kept: Sequence[int]) -> str:
    """The command that replays the story."""
    places = ",".join(str(place) for place in kept) or "none"
    return f"python -m chaos replay {seed} --keep {places}"


def _breaks(history: History, promise: str, start: Start) -> bool:
    verdict = play(history, start=start)
    return any(finding.promise == promise for finding in verdict.findings)


def scene_lines(scene: Scene) -> list[str]:
    """The scene, one fact a line."""
    behaviour = scene.behaviour
    lines = [
        f"  {account.name}: {account.role.value}, {account.position_mode.value}"
        for account in scene.accounts
    ]
    for spec, price in scene.instruments:
        lines.append(
            f"  {spec.symbol} at {plain(price)}: step {plain(spec.step)}, at least "
            f"{plain(spec.min_quantity)} and {plain(spec.min_notional)} USDT, "
            f"at most {plain(spec.max_quantity)}"
        )
    for watched in scene.monitors:
        ladder = watched.ladder.levels if watched.ladder else ()
        asked = ", ".join(f"{plain(one.share)}% at {plain(one.price)}" for one in ladder)
        stop = f"; stop: {words_of(watched.stop)}" if watched.stop else ""
        lines.append(f"  {watched.key}: {plain(watched.size)}, {asked or 'no ladder'}{stop}")
    lines.append(
        f"  a request takes {2 * scene.latency_ms} ms, a write {behaviour.effect_delay_ms} ms "
        f"more; reads lag {behaviour.visible_delay_ms} ms; {behaviour.reduce_only_sum.value}"
    )
    return ["The scene:", *lines]
