"""The public names: a change to one of them shows in a review, as a difference of the snapshot.

After a change that is meant, ``pytest -n 0 tests/public --snapshot-update`` writes it anew, and the
changelog says what users have to change.
"""

import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.public.rendering import rendered

ROOT = Path(__file__).parents[2]
PACKAGES = tuple(
    map(import_module, ("trueup", "trueup.inspect", "trueup.simulator", "trueup.testing"))
)
PUBLIC = [getattr(package, name) for package in PACKAGES for name in package.__all__]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_the_public_names_are_those_of_the_snapshot(
    package: ModuleType, snapshot: SnapshotAssertion
) -> None:
    assert rendered(package, PUBLIC) == snapshot


def test_what_users_read_imports_public_packages_only() -> None:
    public = {package.__name__ for package in PACKAGES}
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/**/*.py")]
    imported = {
        (page.name, name)
        for page in pages
        for name in re.findall(
            r"^(?:from|import) (trueup[.\w]*)", page.read_text("utf-8"), re.MULTILINE
        )
    }
    assert len(imported) > len(public)
    assert [(page, name) for page, name in sorted(imported) if name not in public] == []
