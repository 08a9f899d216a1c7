"""The public names: a change to one of them shows in a review, as a difference of the snapshot.

After a change that is meant, ``pytest -n 0 tests/public --snapshot-update`` writes it anew, and the
changelog says what users have to change.
"""

from importlib import import_module
from types import ModuleType

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.public.rendering import rendered

PACKAGES = tuple(map(import_module, ("trueup", "trueup.simulator", "trueup.testing")))
PUBLIC = [getattr(package, name) for package in PACKAGES for name in package.__all__]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_the_public_names_are_those_of_the_snapshot(
    package: ModuleType, snapshot: SnapshotAssertion
) -> None:
    assert rendered(package, PUBLIC) == snapshot
