"""What differs between any two runs, by names that are the same in both: ids and times of day."""

import re

from ..model.commands import Operation
from .transcript import Section, Transcript

_LINK = r"(?:BOT|MIR)_(?:TP(?P<level>\d{1,2})|CLOSE)_[A-Z0-9-]+_\d{13}_\d{4}"
_EXCHANGES = r"(?P<start>[0-9a-f]{8})(?:\.\.\.|(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
"""The exchange's id of an order, whole or as decisions show it."""
_TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| UTC)?|\b\d\d:\d\d:\d\d\b"
_NOTHING = r"(?!)"
_APART = {Operation.CLOSE: "close", Operation.CANCEL_ENTRY: "entry"}
_IS_EXCHANGES = re.compile(_EXCHANGES)


class Names:
    """Names for the ids in one run: the level, and a count where that has several orders.

    ``MIR_TP1_BANDUSDT_1737809937842_7432`` and the exchange's own id of that order are both
    ``‹TP1›``, and the next order of the level is ``‹TP1 2›``. An id of which the run says no more
    is ``‹order›``, and a time of day is ``‹time›``.

    Args:
        run: whose ids.
    """

    def __init__(self, run: Transcript) -> None:
        self._names: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        for intent in run.intents:
            kind = _APART.get(intent.operation, f"TP{intent.level}")
            name = self._name(intent.order_link_id, kind)
            if intent.order_id:
                self._names.setdefault(_key(intent.order_id), name)
        ids = {one for intent in run.intents for one in (intent.order_link_id, intent.order_id)}
        known = "|".join(rf"\b{re.escape(one)}\b" for one in ids if one)
        own = rf"\b{re.escape(run.run_id)}\b" if run.run_id else _NOTHING
        # The blanks behind an id fill its column: there are fewer behind a longer one.
        self._pattern = re.compile(
            rf"(?P<id>{_EXCHANGES}|{known or _NOTHING}|{_LINK})(?P<blanks> *)"
            rf"|(?P<run>{own})|{_TIME}"
        )

    def applied(self, section: Section) -> Section:
        """The section with names in the place of ids and times."""
        lines = (self._pattern.sub(self._named, line) for line in section.lines)
        return Section(section.title, tuple(lines))

    def _named(self, found: re.Match[str]) -> str:
        if found["run"] is not None:
            return "‹run›"
        if found["id"] is None:
            return "‹time›"
        kind = "order" if found["level"] is None else f"TP{found['level']}"
        return self._name(found["id"], kind) + found["blanks"][:1]

    def _name(self, of: str, kind: str) -> str:
        """The id's name; a new one where it has none."""
        key = _key(of)
        if key not in self._names:
            count = self._counts[kind] = self._counts.get(kind, 0) + 1
            self._names[key] = f"‹{kind}›" if count == 1 else f"‹{kind} {count}›"
        return self._names[key]


def _key(of: str) -> str:
    """What an id and its start have in common."""
    exchanges = _IS_EXCHANGES.fullmatch(of)
    return of if exchanges is None else exchanges["start"]
