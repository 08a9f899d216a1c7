"""Fixtures: a small scene, its page, and a browser's part in a conversation with it."""

from collections.abc import Iterator

import pytest

from .asking import TOKEN, Visitor, page_of
from .scene import Scene, scene


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A few monitors, each of which has run."""
    with scene(tmp_path_factory.mktemp("page"), 3) as made:
        yield made


@pytest.fixture
def visitor(small: Scene) -> Iterator[Visitor]:
    """Somebody who has not logged in."""
    with page_of(small.url) as made:
        yield made


@pytest.fixture
def member(visitor: Visitor) -> Visitor:
    """Somebody who has logged in."""
    assert visitor.log_in(TOKEN).status == 303
    return visitor
