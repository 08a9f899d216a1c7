"""A case file as cases that can be played; a row that is no state stands as what is wrong with it.

A mirror whose record has no ladder gets its main account's as a stored monitor beside it, if the
file has a state of that account for the same symbol and side from an overlapping time; of
several the one that overlaps longest.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from tests.cases.belief import Belief, belief_of
from tests.cases.rules import Rules, rules_of
from tests.cases.states import State, case_of, state_of
from tests.cases.values import MalformedRow, mapping
from trueup import Ladder

SHARED = Path(__file__).parents[2].parent / "shared" / "cases"
MONITORS = SHARED / "monitors.json"


class UnreadableCases(Exception):  # noqa: N818 - it says what the file is
    """A file that holds no cases, and why."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """A row that holds no state."""

    case: str
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """A state that can be played.

    Attributes:
        main_ladder: the ladder on record of the main account, for a mirror without one.
    """

    state: State
    rules: Rules
    belief: Belief
    main_ladder: Ladder | None = None

    @property
    def case(self) -> str:
        """The case's name."""
        return self.state.case


def read_cases(path: Path) -> tuple[Case | Malformed, ...]:
    """The cases of a file, in its order.

    Raises:
        UnreadableCases: the file is not there, is no JSON, or has no list of rows.
    """
    document = _json(path)
    rows = document.get("rows") if isinstance(document, Mapping) else document
    if not isinstance(rows, list):
        raise UnreadableCases(f"{path} has no list of rows")
    return cases_of(rows, _instruments(path, document))


def cases_of(rows: Sequence[object], known: Mapping[str, object]) -> tuple[Case | Malformed, ...]:
    """The cases of these rows; ``known`` holds the instruments that are known, by symbol."""
    states = [_attempt(row, place) for place, row in enumerate(rows, start=1)]
    by_symbol: dict[str, list[State]] = {}
    for state in states:
        if isinstance(state, State):
            by_symbol.setdefault(state.symbol, []).append(state)
    cases = [_case(state, by_symbol, known) for state in states]
    mains = [case for case in cases if isinstance(case, Case)]
    return tuple(_with_main(case, mains) for case in cases)


def _attempt(row: object, place: int) -> State | Malformed:
    try:
        return state_of(row, place)
    except MalformedRow as error:
        return Malformed(case_of(row, place), str(error))


def _case(
    state: State | Malformed, by_symbol: Mapping[str, list[State]], known: Mapping[str, object]
) -> Case | Malformed:
    if isinstance(state, Malformed):
        return state
    try:
        facts = mapping(known.get(state.symbol, {}), "the instrument")
        rules = rules_of(state.symbol, by_symbol[state.symbol], facts)
        return Case(state, rules, belief_of(state, rules))
    except MalformedRow as error:
        return Malformed(state.case, str(error))
    except ArithmeticError as error:
        return Malformed(state.case, f"its numbers do not go together: {type(error).__name__}")


def _with_main(case: Case | Malformed, cases: Sequence[Case]) -> Case | Malformed:
    if isinstance(case, Malformed) or case.belief.ladder or case.state.follows is None:
        return case
    overlaps = [(_overlap(case.state, other.state), other) for other in cases]
    usable = [
        (overlap, other.belief.ladder)
        for overlap, other in overlaps
        if overlap is not None and other.belief.ladder
    ]
    if not usable:
        return case
    _, ladder = max(usable, key=lambda pair: pair[0])
    return Case(case.state, case.rules, case.belief, ladder)


def _overlap(mirror: State, main: State) -> timedelta | None:
    """How long both states stood; None where they are not of one trade."""
    of_main = (main.account, main.symbol, main.side)
    if of_main != (mirror.follows, mirror.symbol, mirror.side) or not (mirror.seen and main.seen):
        return None
    start, end = max(mirror.seen[0], main.seen[0]), min(mirror.seen[1], main.seen[1])
    return end - start if start <= end else None


def _instruments(path: Path, document: object) -> Mapping[str, object]:
    """What is known of instruments: beside the shared cases, beside the file, in the file."""
    known: dict[str, object] = {}
    for place in (SHARED / "instruments.json", path.parent / "instruments.json"):
        if place.is_file():
            found = _json(place)
            known |= found if isinstance(found, dict) else {}
    own = document.get("instruments") if isinstance(document, Mapping) else None
    return known | (own if isinstance(own, dict) else {})


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        raise UnreadableCases(f"there is no {path}") from None
    except (OSError, ValueError) as error:
        raise UnreadableCases(f"{path} cannot be read: {error}") from error
