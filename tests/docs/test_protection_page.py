"""The page of protection: its pictures end where the rules do by hand, its settings are read."""

import re
import tomllib
from decimal import Decimal

import pytest

from docs.writers.stop_pictures import RULES, picture
from trueup import Side
from trueup.cli.configuration.schema import MonitorSection

from .pages import DOCS, blocks

FINAL = {
    "price": "97.5",  # It stays where it is.
    "percent": "98",  # 100 less 2 %.
    "breakeven": "100.08",  # The entry and 0.08 % of it.
    "breakeven-percent": "100",
    "moving-target": "104",  # TP3 has filled: TP2.
    "moving-2-target": "102",  # TP3 has filled: TP1.
    "behind-target": "104.41",  # 106 less 1.5 % of it.
    "trailing": "105.08",  # The best price is 106.1; 1 % of TP1's 102 is 1.02.
}


def test_every_rule_has_a_picture() -> None:
    assert RULES.keys() == FINAL.keys()
    assert {path.stem for path in (DOCS / "stops").iterdir()} == set(RULES)


@pytest.mark.parametrize("name", FINAL)
def test_a_picture_ends_where_the_stop_is_by_hand(name: str) -> None:
    svg = picture(RULES[name].stop)
    assert re.findall(r">stop ([\d.]+)<", svg) == [FINAL[name]]
    assert svg == picture(RULES[name].stop)
    assert len(svg) < 4096


@pytest.mark.parametrize("name", FINAL)
def test_the_settings_beside_a_picture_are_those_of_its_stop(name: str) -> None:
    rule = RULES[name]
    text = (DOCS / "protection.md").read_text("utf-8")
    assert rule.toml + "\n" in blocks(text, "toml")
    table = tomllib.loads(rule.toml, parse_float=Decimal)
    section = MonitorSection(account="main", symbol="X", side=Side.BUY, **table)
    assert section.wanted_stop == rule.stop
