"""Replacing attributes of modules and classes for a while."""

from collections.abc import Iterable

Patch = tuple[object, str, object]
"""A module or class, the name of an attribute, and its replacement."""


class Patches:
    """Replaces attributes until the block ends; cheap, because histories enter it very often.

    Args:
        patches: in the order in which they are made; undone in reverse.
    """

    __slots__ = ("_own", "_patches")

    def __init__(self, patches: Iterable[Patch]) -> None:
        self._patches = patches
        self._own: list[Patch] = []

    def __enter__(self) -> None:
        """Makes the replacements."""
        for owner, name, part in self._patches:
            self._own.append((owner, name, _current(owner, name)))
            setattr(owner, name, part)

    def __exit__(self, *_: object) -> None:
        """Restores the originals."""
        while self._own:
            setattr(*self._own.pop())


def patched(owner: object, name: str, part: object) -> Patches:
    """Replaces ``owner.name`` until the block ends; the owner must have the name."""
    return Patches(((owner, name, part),))


def _current(owner: object, name: str) -> object:
    own = vars(owner)
    return own[name] if name in own else getattr(owner, name)
