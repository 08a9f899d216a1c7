"""Putting another part in place of a module's own, for a while."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def swapped(owner: object, name: str, part: object) -> Iterator[None]:
    """Lets ``owner.name`` be ``part`` until the block ends; the name must exist."""
    own = vars(owner)[name] if name in vars(owner) else getattr(owner, name)
    setattr(owner, name, part)
    try:
        yield
    finally:
        setattr(owner, name, own)
