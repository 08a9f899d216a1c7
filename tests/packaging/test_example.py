"""What the example's environment is made of; `make example` makes it and runs the example there."""

import re
import tomllib

from tests.packaging.__main__ import EXAMPLE, constraints
from tests.packaging.building import ROOT


def test_every_pinned_version_limits_the_environment() -> None:
    locked = re.findall(
        r"^[\w.-]+==\S+", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE
    )
    limits = [line.partition(" ;")[0] for line in constraints().splitlines()]
    assert limits == locked
    assert "--hash" not in constraints()


def test_the_extra_is_what_the_example_asks_for() -> None:
    example = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert example["dependency-groups"]["test"] == ["trueup[testing]"]
    assert [one.partition(">")[0] for one in extras["optional-dependencies"]["testing"]] == [
        "pytest",
        "syrupy",
    ]
