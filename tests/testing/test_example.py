"""The example in the docstring of ``trueup.testing`` runs as it is printed there."""

import inspect
import re
from pathlib import Path
from textwrap import dedent

from tests.testing.running import passed
from trueup import testing

_INDENTED = re.compile(r"::\n\n((?:    .*\n|\n)+)")


def test_the_documented_example_passes(tmp_path: Path) -> None:
    (code,) = _INDENTED.findall(inspect.getdoc(testing) or "")
    assert "1 snapshot generated" in passed(tmp_path, dedent(code), "--snapshot-update")
    assert "1 snapshot passed" in passed(tmp_path, dedent(code))


def test_every_export_is_described() -> None:
    text = inspect.getdoc(testing) or ""
    assert [name for name in testing.__all__ if f"`{name}`" not in text] == []
    exports = [getattr(testing, name) for name in testing.__all__]
    assert [one for one in exports if callable(one) and not inspect.getdoc(one)] == []
