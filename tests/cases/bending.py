"""Playing a row, and bending what came of it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.cases.casebook import Case, cases_of
from tests.cases.play import Book, Played, play
from tests.cases.switchboard import Switchboard


def played(
    row: Mapping[str, object],
    address: tuple[Switchboard, str],
    folder: Path,
    known: Mapping[str, object] | None = None,
) -> Played:
    """What comes of the row; ``known`` is what is known of its instrument."""
    (case,) = cases_of([row], {str(row["symbol"]): known or {}})
    assert isinstance(case, Case), case
    return play(case, *address, folder / "case.db")


def changed(book: Book, order_id: str, **fields: object) -> Book:
    """The book with one order changed."""
    return {**book, order_id: replace(book[order_id], **fields)}  # type: ignore[arg-type] # whatever field the case changes


def without(book: Book, order_id: str) -> Book:
    """The book with one order gone."""
    return {key: order for key, order in book.items() if key != order_id}
