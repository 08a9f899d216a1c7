"""A history: a scene, and the moves that happen in it."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from ..scene.contracts import with_other_contract
from ..scene.drawing import draw_scene
from ..scene.scene import Scene
from ..scene.seeded_random import SeededRandom
from ..world.setup import BEGAN_MS
from .close_drawing import draw_closes
from .defects import draw_defects
from .drawing import draw_moves
from .later.bot_drawing import draw_callbacks, draw_slow_sink
from .later.clock_drawing import draw_clock
from .later.condition_drawing import draw_conditions, draw_passed_levels
from .later.contract_drawing import draw_delivery
from .later.control_drawing import draw_controls
from .later.database_drawing import draw_outages
from .later.key_drawing import draw_keys
from .later.late_drawing import draw_late
from .later.missing_rows import draw_missing_rows
from .later.newer_drawing import draw_newer
from .later.pause_drawing import draw_pauses
from .later.refusal_drawing import draw_refusals
from .later.rival_drawing import draw_rivals
from .later.rule_changes import add_rule_changes
from .later.too_late_drawing import draw_too_late
from .live_drawing import draw_stream_faults
from .moves import Move
from .moves.reopening import draw_reopened
from .stops.entry_drawing import draw_entries
from .stops.form_drawing import draw_forms
from .stops.limit_drawing import draw_limits
from .stops.stop_drawing import draw_stops
from .stops.wish_drawing import draw_wishes

LIVE_EVERY = 3


@dataclass(frozen=True, slots=True)
class History:
    """The history of one seed, or a part of it: moves may have been left out."""

    seed: int
    scene: Scene
    moves: tuple[Move, ...]

    def keep(self, places: Collection[int]) -> "History":
        """The history with only the moves at these positions."""
        kept = tuple(move for place, move in enumerate(self.moves) if place in places)
        return History(self.seed, self.scene, kept)


def draw_history(seed: int, *, live: bool = True, late: bool = True) -> History:
    """Draws the history of a seed; every third is live, unless ``live`` is false.

    Some have an exchange that is as late as the engine is told, unless ``late`` is false.

    A live history is drawn like any other; faults of its streams are drawn after that, then
    defects of the engine, what a newer exchange does, contracts of other kinds, keys, positions
    that are opened anew, lists that lack rows, rivals, contract rules that change,
    refusals that last, a wall clock that is set, a process that is stopped, a database that is
    away, an exchange that is late, people who pause and halt, a slow sink, levels that the market
    has passed, stops, the forms of stops, their limits, entries to cancel, what else is wished of
    stops, and last of all closes by command; those nine in later seeds only.
    """
    random = SeededRandom(seed)
    scene = draw_scene(random)
    drawn = draw_moves(random, scene)
    if live and not seed % LIVE_EVERY:
        scene = replace(scene, is_live=True)
        drawn = draw_stream_faults(random, scene, drawn)
    scene, drawn = _with_later_draws(seed, scene, drawn)
    if late:
        scene, drawn = draw_late(seed, draw_callbacks(seed, scene), drawn)
        drawn = draw_too_late(seed, scene, drawn)
    scene, drawn = draw_slow_sink(seed, scene, draw_controls(seed, scene, drawn))
    scene, drawn = draw_passed_levels(seed, scene, drawn)
    scene, drawn = draw_forms(seed, *draw_stops(seed, scene, drawn))
    scene, drawn = draw_limits(seed, scene, drawn)
    scene, drawn = draw_wishes(seed, *draw_entries(seed, scene, drawn))
    return History(seed, scene, draw_closes(seed, scene, drawn))


def _with_later_draws(
    seed: int, scene: Scene, drawn: tuple[Move, ...]
) -> tuple[Scene, tuple[Move, ...]]:
    """The scene and the moves with what later kinds add, each by random numbers of its own.

    What was drawn before a kind was added stays as it was.
    """
    drawn = draw_conditions(seed, scene, draw_newer(seed, scene, draw_defects(seed, drawn)))
    scene = with_other_contract(seed, scene, BEGAN_MS)
    drawn = draw_delivery(seed, scene, drawn)
    scene, drawn = draw_keys(seed, scene, drawn)
    drawn = draw_reopened(seed, scene, drawn)
    drawn = draw_missing_rows(seed, scene, drawn)
    drawn = draw_rivals(seed, scene, drawn)
    drawn = add_rule_changes(SeededRandom(f"{seed}-rules"), scene, drawn)
    drawn = draw_refusals(seed, scene, drawn)
    drawn = draw_pauses(seed, scene, draw_clock(seed, scene, drawn))
    return scene, draw_outages(seed, scene, drawn)
