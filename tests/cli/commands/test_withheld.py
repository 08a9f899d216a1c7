"""What ``plan`` and ``status`` say of levels that the market has passed."""

import pytest

from trueup.simulator import Simulator

from ..desk import SYMBOL, Desk

WHY = "the market has passed that price"


@pytest.fixture
def passed(desk: Desk, sim: Simulator) -> Desk:
    """The market has passed TP1 of both accounts."""
    sim.set_price(SYMBOL, "0.7300")
    return desk


def tell(desk: Desk, verdict: str) -> None:
    """Sets what the engine does about that."""
    text = desk.config.read_text("utf-8")
    desk.config.write_text(text.replace("[engine]", f'[engine]\nbeyond_market = "{verdict}"'))


def test_plan_and_status_say_what_waits(passed: Desk) -> None:
    tell(passed, "wait")
    lines = passed("plan").stdout.splitlines()
    assert lines[:6] == [
        "main BANDUSDT Buy: position 1000, covered 0: short: amend 0, place 3",
        "  → place TP2 50 at 0.74",
        "  → place TP3 50 at 0.76",
        "  → place TP4 50 at 0.8",
        "  ! 150 of 1000 is covered, 850 is not",
        f"  ⏳ TP1's 850 at 0.72 waits: {WHY}",
    ]
    (withheld,) = passed.json("plan")[0]["withheld"]
    assert withheld == {"level": 1, "price": "0.72", "quantity": "850", "why": f"waits: {WHY}"}
    assert [run["outcome"] for run in passed.json("run", "--once")["runs"]] == ["SUCCESS"] * 2
    assert f"TP1 85 % at 0.72: none, 0 of 0; 850 waits: {WHY}" in " ".join(
        passed("status").stdout.split()
    )


def test_what_is_refused_fails_the_check(passed: Desk) -> None:
    tell(passed, "refuse")
    assert passed("run", "--once").exit_code == 1
    checked = passed("status", "--check")
    assert checked.exit_code == 1
    assert checked.stdout.count("its last run ended PARTIAL") == 2
