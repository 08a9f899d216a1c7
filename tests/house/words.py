"""The two lists of words that the house does not use, and how its sources are searched for them.

Docstrings and comments are free to cite a source; names and string literals are not.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from trueup.adapters.bybit.codes.classify import known_codes
from trueup.adapters.bybit.wire import names

ROOT = Path(__file__).parents[2]

WITHOUT_EXCHANGE_WORDS = ("domain", "states", "engine", "storage")
"""Folders that know exchanges as ports only."""

PRODUCT = (
    *WITHOUT_EXCHANGE_WORDS,
    "adapters",
    "cli",
    "simulator",
    "testing",
    "chaos",
    "src/trueup",
)
"""Folders of the product, and the campaign."""


_NAMING = ("name", "id", "attr", "arg", "asname", "module", "rest")


class Spoken(NamedTuple):
    """One name or literal of a source."""

    line: int
    is_name: bool
    value: str | int


def spoken(source: str) -> Iterator[Spoken]:
    """Every name, and every string or whole number, that the source writes outside docstrings."""
    tree = ast.parse(source)
    prose = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant):
            value = node.value
            if isinstance(value, str | int) and value is not True and id(node) not in prose:
                yield Spoken(line, is_name=False, value=value)
            continue
        fields = dict(ast.iter_fields(node))
        own = [fields.get(field) for field in _NAMING]
        for name in (*own, *fields.get("names", ()), *fields.get("kwd_attrs", ())):
            if isinstance(name, str):
                yield Spoken(line, is_name=True, value=name)


def sources(folders: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Path and text of each source in the folders; links are not followed."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not any(parent.is_symlink() for parent in path.parents):
                yield str(path.relative_to(ROOT)), path.read_text()


# -- the first list: words of one exchange ------------------------------------------------------

_NAMES = re.compile(
    r"bybit|recv_?window|ret_?code|cancel_?type|create_?type|stop_?order_?type|reject_?reason"
    r"|position_?idx|cum_?exec",
    re.IGNORECASE,
)
_SPELLINGS = re.compile(
    r"bybit|recv_?window|Cancel(By|All)[A-Z]|Create(By|As)[A-Z]|\bEC_[A-Z]|ReduceOnly|ByUser"
    r"|PartiallyFilled|PartialTakeProfit|PartialStopLoss|TakeProfit|StopLoss|TrailingStop"
    r"|tpslOrder|OcoOrder|MmRateClose|BidirectionalTpsl",
    re.IGNORECASE,
)
_WHOLE = frozenset(
    ("New", "Untriggered", "Rejected", "Filled", "Cancelled", "Triggered", "Deactivated", "Stop")
)
_FIELDS = frozenset(
    value
    for value in vars(names).values()
    if isinstance(value, str) and re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", value)
)
_CODES = frozenset(known.code for known in known_codes() if known.code >= 10_000)
_NUMBERS = re.compile(r"\d+")


def exchange_word(said: Spoken) -> str | None:
    """What of the exchange a name or literal says; None if it says nothing of it."""
    return next(_exchange_words(said), None)


def _exchange_words(said: Spoken) -> Iterator[str]:
    value = said.value
    if isinstance(value, int):
        yield from (f"the code {code}" for code in _CODES & {value})
    elif said.is_name:
        yield from (f"the name {found[0]}" for found in _NAMES.finditer(value))
    else:
        yield from (f"the spelling {spelling}" for spelling in _WHOLE & {value})
        yield from (f"the spelling {found[0]}" for found in _SPELLINGS.finditer(value))
        yield from (f"the field {field}" for field in sorted(_FIELDS) if field in value)
        yield from (f"the code {n}" for n in _NUMBERS.findall(value) if int(n) in _CODES)


# -- the second list: words that the field has other words for -----------------------------------

WORDS: Mapping[str, str] = {
    "unlanded": "in flight",
    "landed": "in flight",
    "may land": "may take effect",
    "owed": "pending writes",
    "sighting": "matching",
    "sight": "matching",
    "sighted": "matched",
    "look": "read",
    "draw up": "make plan",
    "drawn up": "made",
    "find out": "query orders",
    "doubt": "invalidate",
    "doubts": "invalidate",
    "doubted": "invalidated",
    "unusable": "stale",
    "unsettled": "inconsistent",
    "proven": "synced",
    "told": "received, notified",
    "untold": "not received",
    "heard": "received",
    "overheard": "received",
    "news": "event",
    "took": "applied",
    "take": "handle, apply",
    "tell": "notify, publish",
    "tells": "notify, publish",
    "telling": "publish",
    "desk": "endpoint queue",
    "desks": "endpoint queues",
    "calm": "cool-down",
    "mains": "main ladders",
    "standing": "health",
    "driver": "stepper",
    "bent": "adjusted",
    "dust": "remainder",
    "relevel": "re-map levels",
    "releveled": "re-mapped",
    "relive": "merge",
    "chance": "randomness",
    "intake": "order request",
    "staging": "setup",
    "earshot": "stream coverage",
    "thawing": "mutable dataclasses",
    "thaw": "make mutable",
    "thawed": "mutable",
    "old books": "stale reads",
    "memo": "memoize",
    "witness": "watched store",
    "cue": "trigger",
    "cues": "triggers",
    "hearing": "receiving",
    "forced": "liquidation",
    "wires": "connections",
}
"""Word, or words in a row, of a name; and what the field calls it."""

CLASSES: Mapping[str, str] = {
    "Running": "Service",
    "Runs": "RunFactory",
    "Driver": "Stepper",
    "Loop": "JobLoop",
    "HandLoop": "HandPool",
}
"""Names that are fine as words, and were taken for something that has a name."""

MODULES: Mapping[str, str] = {
    "checking": "validation",
    "system": "randomness",
    "running": "service",
    "runs": "factory",
    "loop": "workers",
    "lines": "delivery",
    "line": "connection",
    "modes": "position_mode",
    "face": "what it does",
    "life": "what it does",
}
"""Stems of modules; packages may be called so."""

MEANT: Mapping[str, tuple[str, ...]] = {
    "take": ("take profit", "take profits", "take over"),
    "look": ("look up", "look at", "to look"),
    "driver": ("exec driver sql", "driver connection"),
}
"""In which company a word of the list is the field's own."""

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def worn_word(name: str) -> str | None:
    """What a name says that the field has another word for; None if it is well named."""
    for piece in name.split("."):
        if piece in CLASSES:
            return f"{piece} → {CLASSES[piece]}"
        parts = f" {' '.join(part.lower() for part in _PARTS.findall(piece))} "
        for word, better in WORDS.items():
            meant = any(f" {company} " in parts for company in MEANT.get(word, ()))
            if f" {word} " in parts and not meant:
                return f"{word} → {better}"
    return None


def worn_module(path: str) -> str | None:
    """The same of a module's path."""
    stem = Path(path).stem
    return f"{stem} → {MODULES[stem]}" if stem in MODULES else worn_word(stem)
