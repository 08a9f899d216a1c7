"""Putting other parts in place of modules' and classes' own, for a while."""

from collections.abc import Iterable

Swap = tuple[object, str, object]
"""A module or class, a name that it has, and what stands there instead."""


class Swaps:
    """Lets each ``owner.name`` be its part until the block ends; histories enter it by thousands.

    Args:
        swaps: in the sequence in which they are made; undone in the opposite one.
    """

    __slots__ = ("_own", "_swaps")

    def __init__(self, swaps: Iterable[Swap]) -> None:
        self._swaps = swaps
        self._own: list[Swap] = []

    def __enter__(self) -> None:
        """Puts the parts in."""
        for owner, name, part in self._swaps:
            self._own.append((owner, name, _own_of(owner, name)))
            setattr(owner, name, part)

    def __exit__(self, *_: object) -> None:
        """Puts the own ones back."""
        while self._own:
            setattr(*self._own.pop())


def swapped(owner: object, name: str, part: object) -> Swaps:
    """Lets ``owner.name`` be ``part`` until the block ends; the name must exist."""
    return Swaps(((owner, name, part),))


def _own_of(owner: object, name: str) -> object:
    own = vars(owner)
    return own[name] if name in own else getattr(owner, name)
