"""The tree of errors as it is drawn is the tree of classes."""

import re
from collections.abc import Iterator

from docs.writers.errors import classes, drawing
from trueup import TrueupError

_NODE = re.compile(r"^([\s│├└─]*)(\w+)")


def _subclasses(kind: type[TrueupError]) -> Iterator[type[TrueupError]]:
    for below in kind.__subclasses__():
        if below.__module__.startswith("trueup.domain"):
            yield below
            yield from _subclasses(below)


def test_every_error_is_drawn() -> None:
    drawn = list(classes())
    assert set(drawn) == {TrueupError, *_subclasses(TrueupError)}
    assert len(drawn) == len(set(drawn))


def test_every_error_is_drawn_below_its_base() -> None:
    above: list[str] = []
    for line, kind in zip(drawing().splitlines(), classes(), strict=True):
        match = _NODE.match(line)
        assert match is not None
        depth = len(match[1]) // 4
        assert match[2] == kind.__name__
        if depth:
            assert kind.__bases__[0].__name__ == above[depth - 1]
        above[depth:] = [kind.__name__]
