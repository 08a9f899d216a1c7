"""The forms in which the original bot and its scripts stored monitors.

* the bot's own file, as python-telegram-bot's persistence writes it: ``bot_data`` with
  ``enhanced_tp_sl_monitors``, beside chat and user data;
* ``{"enhanced_tp_sl_monitors": …}``, or just the dict of monitors;
* ``{"about": …, "rows": […]}``, the form of collected states, or a list of monitors;
* instruments by symbol, with ``tickSize`` and ``qtyStep``: these are not monitors, but the rules
  for the prices and quantities of the others.

The bot kept tick sizes and quantity steps in its chat data, in entries named ``position_…``. Such
an entry that has take-profits of its own counts as a monitor.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..rules.contracts import KnownRules, rules_in
from ..rules.state import RawMonitor
from .unreadable import UnreadableFile

MONITORS = "enhanced_tp_sl_monitors"
_POSITION = "position_"
_FRAMEWORKS = ("conversations", "user_data", "chat_data", "callback_data")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a document contains.

    Attributes:
        form: of the document, in a few words.
        monitors: in the document's order.
        rules: of instruments, by symbol.
        left: the number of other entries, by their kind.
    """

    form: str
    monitors: tuple[RawMonitor, ...] = ()
    rules: Mapping[str, KnownRules] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)


def contents_of(document: object, file: str) -> Contents:
    """The monitors in the document.

    Raises:
        UnreadableFile: it has none of the forms.
    """
    if isinstance(document, list):
        return Contents("a list of monitors", tuple(_listed(document, file)))
    if isinstance(document, dict):
        return _in_dict(document, file)
    raise UnreadableFile(f"it contains no monitors: its type is {type(document).__name__}")


def _in_dict(document: dict[object, object], file: str) -> Contents:
    match document:
        case {"bot_data": dict() as bot_data}:
            return _bots_own(document, bot_data, file)
        case {"enhanced_tp_sl_monitors": monitors}:
            return Contents("monitors by key", tuple(_by_key(monitors, file)))
        case {"rows": list() as rows}:
            rules = _instruments(document.get("instruments"))
            return Contents("collected states", tuple(_listed(rows, file)), rules)
    if rules := _instruments(document):
        return Contents("instruments", rules=rules)
    if all(isinstance(value, dict) for value in document.values()):
        return Contents("monitors by key", tuple(_by_key(document, file)))
    raise UnreadableFile("it contains no monitors in a known form")


def _bots_own(
    document: Mapping[object, object], bot_data: dict[object, object], file: str
) -> Contents:
    chats = document.get("chat_data")
    states = [bot_data, *(chats.values() if isinstance(chats, dict) else ())]
    monitors = [*_by_key(bot_data.get(MONITORS), file), *_positions(states, file)]
    left = {name: _size(document.get(name)) for name in _FRAMEWORKS}
    left["other bot data"] = len(bot_data.keys() - {MONITORS})
    left = {name: count for name, count in left.items() if count}
    return Contents("the bot's own file", tuple(monitors), _chat_rules(states), left)


def _size(value: object) -> int:
    return len(value) if isinstance(value, dict) else 0


def _by_key(monitors: object, file: str) -> Iterator[RawMonitor]:
    if isinstance(monitors, dict):
        for key, value in monitors.items():
            yield RawMonitor(file, key if isinstance(key, str) else "", value)
    elif isinstance(monitors, list):
        yield from _listed(monitors, file)


def _listed(monitors: list[object], file: str) -> Iterator[RawMonitor]:
    for value in monitors:
        yield RawMonitor(file, "", value)


def _positions(states: list[object], file: str) -> Iterator[RawMonitor]:
    for _, entry in _position_entries(states):
        if "tp_orders" in entry:
            yield RawMonitor(file, "", entry)


def _position_entries(states: list[object]) -> Iterator[tuple[str, dict[object, object]]]:
    for state in states:
        for key, entry in state.items() if isinstance(state, dict) else ():
            if isinstance(key, str) and key.startswith(_POSITION) and isinstance(entry, dict):
                yield key, entry


def _chat_rules(states: list[object]) -> dict[str, KnownRules]:
    """Tick sizes and steps, from each chat's last trade and its positions."""
    entries = [state for state in states if isinstance(state, dict)]
    entries += [entry for _, entry in _position_entries(states)]
    found: dict[str, KnownRules] = {}
    for entry in entries:
        symbol, rules = entry.get("symbol"), rules_in(entry)
        if isinstance(symbol, str) and rules is not None:
            found[symbol] = rules
    return found


def _instruments(document: object) -> dict[str, KnownRules]:
    """Rules by symbol; empty unless the whole document consists of them."""
    if not isinstance(document, dict):
        return {}
    found = {
        symbol: rules
        for symbol, entry in document.items()
        if isinstance(symbol, str) and isinstance(entry, dict) and (rules := rules_in(entry))
    }
    return found if len(found) == len(document) else {}
