"""The options that there are, by the way to them, with an example of each."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..schema import Configuration
from .places import Steps

_EXAMPLES: Mapping[str, str] = {
    "environment": '"testnet"',
    "api_key_env": '"BYBIT_MAIN_KEY"',
    "api_secret_env": '"BYBIT_MAIN_SECRET"',
    "follows": '"main"',
    "auto_watch": '"swing", for a [ladders.swing] in percent',
    "account": '"main"',
    "symbol": '"BANDUSDT"',
    "side": '"Buy", for a long',
    "ladder": '[{price = "0.72", share = 60}, {price = "0.74", share = 40}]',
    "levels": "[{percent = 1, share = 60}, {percent = 2, share = 40}]",
    "basis": '"first_fill"',
    "stop": "{percent = 2}",
    "price": '"0.72"',
    "percent": "2",
    "r": "1.5",
    "share": "60",
    "runner": "20",
    "breakeven": '{after_level = "TP1"}',
    "moving_target": "1",
    "behind_target": "0.5",
    "trailing": "{percent = 1}",
    "close_after_hours": "24",
    "cancel_entries": '"BOT_*_LIMIT*"',
    "cancel_entries_on": '"TP1"',
    "after_level": '"TP1"',
    "after_percent": "1",
    "offset": '"fees"',
    "distance": '"0.01"',
    "token_env": '"BOT_TOKEN"',
    "chats": "[123456789], the ids of chats",
    "activation": '"0.75"',
}
"""Of options without a default: an option that has one is its own example."""


def known_steps(steps: Sequence[str | int]) -> Steps:
    """The way as far as it leads to an option that there is; pydantic's own steps end it."""
    kept: Steps = ()
    kind: Any = Configuration
    for step in steps:
        kind = _inside(kind, step)
        if kind is None:
            break
        kept = (*kept, step)
    return kept


def names_in(steps: Sequence[str | int]) -> tuple[str, ...]:
    """The names of the options that the table at the end of the way may have."""
    kind: Any = Configuration
    for step in steps:
        kind = _inside(kind, step)
    return tuple(name for model in _models(kind) for name in model.model_fields)


def example_of(steps: Sequence[str | int]) -> str | None:
    """``share = 60``: an example of the innermost option of the way; None if none is known."""
    kind: Any = Configuration
    found: str | None = None
    for step in steps:
        field = _field(kind, step)
        if field is not None:
            value = _EXAMPLES.get(str(step)) or _written(field.default)
            found = None if value is None else f"{step} = {value}"
        kind = _inside(kind, step)
    return found


def _written(default: object) -> str | None:
    """A default as TOML has it; None of what is required, or is no plain value."""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, Enum | str):
        return f'"{default.value if isinstance(default, Enum) else default}"'
    if isinstance(default, Decimal | int):
        return f"{Decimal(default).normalize():f}"
    if isinstance(default, tuple) and default:
        return f"[{_written(default[0])}]"
    return None


def _inside(kind: Any, step: str | int) -> Any:  # noqa: ANN401 - any type of an option
    """The type of what a step leads to; None if it leads nowhere."""
    field = _field(kind, step)
    if field is not None:
        return field.annotation
    for each in _alternatives(kind):
        if (get_origin(each) is dict and isinstance(step, str)) or (
            get_origin(each) is tuple and isinstance(step, int)
        ):
            return next(one for one in reversed(get_args(each)) if one is not Ellipsis)
    return None


def _field(kind: Any, step: str | int) -> FieldInfo | None:  # noqa: ANN401 - any type of an option
    fields = (model.model_fields.get(str(step)) for model in _models(kind))
    return next((field for field in fields if field is not None), None)


def _models(kind: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - any type of an option
    for each in _alternatives(kind):
        if isinstance(each, type) and issubclass(each, BaseModel):
            yield each


def _alternatives(kind: Any) -> Iterator[Any]:  # noqa: ANN401 - any type of an option
    """The types that a value may have, without what surrounds them."""
    if isinstance(kind, type) or get_origin(kind) in (dict, tuple):
        yield kind
        return
    for each in get_args(kind):
        yield from _alternatives(each)
