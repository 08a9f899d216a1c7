"""``conformance.md``: what Bybit does, and what shows that the simulator does so."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from trueup.simulator.conformance.check import Needs
from trueup.simulator.conformance.run import CHECKS

from ..markdown import page, table

BEHAVIOURS = Path(__file__).parents[1] / "conformance.toml"
_PAGES = "https://bybit-exchange.github.io/docs/v5/"
_THREADS = "https://github.com/"
_HEAD = ("behaviour", "source", "test", "check")
_TESTS = "../tests/simulator/"

_INTRODUCTION = """
What Bybit does at its API, where that is said, and the test that shows that
[the simulator](simulator.md) does the same. What Bybit's pages leave open is a
[switch](simulator.md#switches), or was decided as the last table says.
"""
_CHECK = """
## Compare it with the real one

```sh
trueup simulator --check https://api-testnet.bybit.com
```

makes the checks that the tables name against any address that speaks Bybit's API: a row each, with
what the simulator shows with its default switches, what that exchange shows, and whether they
agree. It exits with 1 where one differs. {free} of the {all} checks need no key. With
`BYBIT_API_KEY` and `BYBIT_API_SECRET` in the environment it makes {keys} more, which only read, and
on testnet, demo and this machine another {orders}, which send orders of the smallest quantity: what
is refused, and what rests a fifth below the market and is cancelled in the end. No order is sent to
any other host.

A difference is no fault of anybody's: it says what to expect of the real one, and which switch lets
the simulator do the same.
"""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One behaviour.

    Attributes:
        subject: what it belongs to.
        does: what the exchange does.
        sources: the pages of Bybit's documentation, and the public threads, that say so.
        tests: what shows that the simulator does it, named from `tests/simulator/` on.
        checks: the names of the checks that compare it.
        switch: the switch of the simulator that decides it, if one does.
    """

    subject: str
    does: str
    sources: Sequence[str]
    tests: Sequence[str]
    checks: Sequence[str] = ()
    switch: str = ""


def behaviours() -> list[Behaviour]:
    """All behaviours, as the data file beside the pages has them."""
    loaded = tomllib.loads(BEHAVIOURS.read_text(encoding="utf-8"))
    return [Behaviour(**each) for each in loaded["behaviours"]]


def conformance() -> str:
    """The page."""
    parts = [_INTRODUCTION, _CHECK.format_map(_counts())]
    for subject, members in groupby(behaviours(), lambda one: one.subject):
        parts += [f"## {subject}", table(_HEAD, map(_row, members))]
    return page("Conformance", *parts)


def url_of(source: str) -> str:
    """Where a source is.

    >>> url_of("order/create-order")
    'https://bybit-exchange.github.io/docs/v5/order/create-order'
    >>> url_of("ccxt/ccxt#17105")
    'https://github.com/ccxt/ccxt/issues/17105'
    """
    repository, _, number = source.partition("#")
    return f"{_THREADS}{repository}/issues/{number}" if number else f"{_PAGES}{source}"


def _counts() -> Mapping[str, int]:
    needs = [check.needs for check in CHECKS]
    names = {Needs.NOTHING: "free", Needs.KEYS: "keys", Needs.ORDERS: "orders"}
    return {"all": len(needs)} | {name: needs.count(need) for need, name in names.items()}


def _row(one: Behaviour) -> tuple[str, str, str, str]:
    does = f"{one.does} (`{one.switch}`)" if one.switch else one.does
    sources = ", ".join(f"[{source}]({url_of(source)})" for source in one.sources)
    return does, sources, "<br>".join(map(_test, one.tests)), ", ".join(one.checks)


def _test(name: str) -> str:
    file, _, function = name.partition("::")
    return f"[{function.removeprefix('test_').replace('_', ' ')}]({_TESTS}{file})"
