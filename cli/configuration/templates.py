"""Templates: stops and ladders that monitors use by their names."""

from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]


def with_templates(document: Mapping[str, Any]) -> Document:
    """The document with every template put where its name was; what names nothing stays.

    A monitor that names a ladder has its levels and basis, and its stop unless it has one itself.

    >>> with_templates({
    ...     "stops": {"near": {"percent": 1}},
    ...     "ladders": {"swing": {"levels": ["..."], "stop": "near"}},
    ...     "monitors": [{"ladder": "swing"}],
    ... })["monitors"]
    [{'stop': {'percent': 1}, 'ladder': ['...']}]
    """
    stops = _tables(document.get("stops"))
    ladders = {
        name: _with_stop(ladder, stops) for name, ladder in _tables(document.get("ladders")).items()
    }
    made = dict(document)
    if ladders:
        made["ladders"] = {**document["ladders"], **ladders}
    monitors = document.get("monitors")
    if isinstance(monitors, list | tuple):
        made["monitors"] = [
            _with_stop(_with_ladder(monitor, ladders), stops)
            if isinstance(monitor, Mapping)
            else monitor
            for monitor in monitors
        ]
    return made


def _with_ladder(monitor: Mapping[str, Any], ladders: Mapping[str, Document]) -> Document:
    name = monitor.get("ladder")
    template = ladders.get(name) if isinstance(name, str) else None
    if template is None:
        return dict(monitor)
    rest = {key: value for key, value in template.items() if key in ("basis", "stop")}
    return {**rest, **monitor, "ladder": template.get("levels", [])}


def _with_stop(section: Mapping[str, Any], stops: Mapping[str, Document]) -> Document:
    name = section.get("stop")
    template = stops.get(name) if isinstance(name, str) else None
    return dict(section) if template is None else {**section, "stop": template}


def _tables(section: object) -> dict[str, Document]:
    """The tables of a section that is one of tables; other values are mistakes of their own."""
    if not isinstance(section, Mapping):
        return {}
    return {str(name): dict(table) for name, table in section.items() if isinstance(table, Mapping)}
