"""Ladders and stops as people write them on the command line, in the words of the file."""

import json
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from ....domain.model.errors import ConfigurationError


class Unit(StrEnum):
    """What says how far a level is."""

    PRICE = "price"
    PERCENT = "percent"
    R = "r"


In = Annotated[
    Unit, typer.Option("--in", help="What the levels are: prices, per cent from the entry, or R.")
]
Runner = Annotated[
    str, typer.Option("--runner", metavar="PERCENT", help="The share without an order.")
]
Basis = Annotated[
    str, typer.Option("--basis", metavar="WORD", help="As in the file; of percent and r only.")
]


def ladder_of(levels: Sequence[str], unit: Unit, runner: str, basis: str) -> dict[str, object]:
    """The table of a ladder out of levels such as ``0.72:60``: how far, and the share.

    Raises:
        ConfigurationError: one is none.
    """
    found: list[dict[str, str]] = []
    for text in levels:
        far, colon, share = text.partition(":")
        if not (far and colon and share):
            raise ConfigurationError(
                f"{text!r} is no level: write how far, a colon and the share, such as 0.72:60"
            )
        found.append({unit.value: far, "share": share})
    if runner:
        found.append({"runner": runner})
    return {"levels": found, **({"basis": basis} if basis else {})}


def stop_of(text: str) -> object:
    """The stop of a text: what stands in a table ``[stops.NAME]``, or ``false`` for none.

    Example: ``percent = 5, breakeven = {after_level = 1}``.

    Raises:
        ConfigurationError: it is no TOML.
    """
    given = text if text.strip() == "false" else f"{{{text}}}"
    try:
        found: object = tomllib.loads(f"stop = {given}", parse_float=str)["stop"]
    except tomllib.TOMLDecodeError:
        raise ConfigurationError(
            f"{text!r} is no stop: write it as in the file, such as 'percent = 5', or false"
        ) from None
    # What JSON does not have, as a date, is no part of a stop: the engine says so.
    again: object = json.loads(json.dumps(found, default=str))
    return again
