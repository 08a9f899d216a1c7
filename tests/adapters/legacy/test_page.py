"""The page on migrating explains every word of the report."""

import re

import pytest

from tests.docs.pages import text
from trueup.adapters.legacy.rules.consider import Verdict
from trueup.adapters.legacy.rules.flags import Flag

ROW = re.compile(r"^\| (⚠️|·) \| `(\w+)` \| .+ \|$", re.MULTILINE)


def test_every_flag_is_explained_with_its_sign() -> None:
    explained = {name: sign for sign, name in ROW.findall(text("migrating.md"))}
    assert explained == {flag.value: "⚠️" if flag.is_conflict else "·" for flag in Flag}


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_explained(verdict: Verdict) -> None:
    assert f"| `{verdict.value}` |" in text("migrating.md")
