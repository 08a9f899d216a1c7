"""What of the list somebody wants to see: filter, order and page, as the address has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from .standing import Standing

PAGE = 50
"""So many monitors stand on a page."""
_MOST_TEXT = 100
_MOST_PAGES = 100_000
NEEDS = "needs"
SHOWN: Mapping[str, str] = {
    "": "all that are watched",
    NEEDS: "what needs a person",
    **{one.value: one.words for one in Standing},
}
"""What can be shown, and its words."""
SORTS: Mapping[str, str] = {
    "": "what needs a person first",
    "symbol": "symbol",
    "account": "account",
    "cover": "cover, least first",
    "run": "last run, newest first",
}
"""In which order the list can be, and its words."""
_LETTERS = "abcdefgh"
"""Of the words of a search, which name their parameters; further words do not count."""
_HAS_WORD = (
    "(instr(lower(s.symbol), lower(:word_{0})) > 0"
    " OR instr(lower(s.account), lower(:word_{0})) > 0)"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown.

    Attributes:
        text: words, each of them part of the symbol or of the account's name; empty for any.
        account: only of this one; empty for all.
        show: a key of ``SHOWN``.
        sort: a key of ``SORTS``.
        page: counts from 1.
    """

    text: str = ""
    account: str = ""
    show: str = ""
    sort: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """What an address asks for; what makes no sense in it counts as not said."""
        show, sort, page = query.get("show", ""), query.get("sort", ""), query.get("page", "1")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1  # noqa: PLR2004 - far more than there are
        return cls(
            query.get("text", "").strip()[:_MOST_TEXT],
            query.get("account", "")[:_MOST_TEXT],
            show if show in SHOWN else "",
            sort if sort in SORTS else "",
            min(max(number, 1), _MOST_PAGES),
        )

    def conditions(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """What a monitor must fulfil, as SQL with its parameters; but for how it stands."""
        for letter, word in zip(_LETTERS, self.text.split(), strict=False):
            yield _HAS_WORD.format(letter), {f"word_{letter}": word}
        if self.account:
            yield "s.account = :account", {"account": self.account}

    def on_page(self, page: int) -> str:
        """The address of another page of the same."""
        return self.changed(page=page)

    def changed(self, **changes: str | int) -> str:
        """The address of the same with something else."""
        own = {"text": self.text, "account": self.account, "show": self.show, "sort": self.sort}
        given = {name: value for name, value in {**own, **changes}.items() if value not in ("", 1)}
        return f"/?{urlencode(given)}" if given else "/"
