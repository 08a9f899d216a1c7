"""Putting other parts in place of modules' and classes' own, for a while."""

from collections.abc import Iterable

Patch = tuple[object, str, object]
"""A module or class, a name that it has, and what stands there instead."""


class Patches:
    """Lets each ``owner.name`` be its part until the block ends; histories enter it by thousands.

    Args:
        swaps: in the sequence in which they are made; undone in the opposite one.
    """

    __slots__ = ("_own", "_patches")

    def __init__(self, patches: Iterable[Patch]) -> None:
        self._patches = patches
        self._own: list[Patch] = []

    def __enter__(self) -> None:
        """Puts the parts in."""
        for owner, name, part in self._patches:
            self._own.append((owner, name, _current(owner, name)))
            setattr(owner, name, part)

    def __exit__(self, *_: object) -> None:
        """Puts the own ones back."""
        while self._own:
            setattr(*self._own.pop())


def patched(owner: object, name: str, part: object) -> Patches:
    """Lets ``owner.name`` be ``part`` until the block ends; the name must exist."""
    return Patches(((owner, name, part),))


def _current(owner: object, name: str) -> object:
    own = vars(owner)
    return own[name] if name in own else getattr(owner, name)
