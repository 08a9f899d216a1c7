"""The requests that an account uses, as the overview says it."""

from datetime import timedelta

from trueup.adapters.bybit.limits.values import Limit
from trueup.service.page.reading.budget import NO_ENGINE, budget_words

from .asking import Visitor

NOW = timedelta()
ADDRESS = Limit("address", 600, 31, 0, NOW)


def test_the_limit_that_is_used_most_is_shown_beside_the_shared_one() -> None:
    own = (Limit("get_positions", 50, 5, 0, NOW), Limit("place_order", 10, 4, 0, NOW))
    words = budget_words({"main": (*own, ADDRESS)}, "main")
    assert words == "4 of 10 a second, place_order; 31 of 600 in 5 s, all accounts"


def test_what_waits_or_may_not_leave_comes_first() -> None:
    full = Limit("get_positions", 50, 50, 0, NOW)
    waits = Limit("place_order", 10, 2, 3, NOW)
    held = Limit("cancel_order", 10, 0, 1, timedelta(seconds=4))
    assert budget_words({"main": (full, waits)}, "main") == "2 of 10 a second, place_order: 3 wait"
    words = budget_words({"main": (full, waits, held)}, "main")
    assert words == "0 of 10 a second, cancel_order: 1 wait, nothing leaves for 4 s"


def test_what_nobody_counts_is_not_shown_as_a_figure(member: Visitor) -> None:
    assert budget_words({"main": (ADDRESS,)}, "other") == "not known: the engine does not have it"
    assert budget_words(None, "main") == NO_ENGINE
    assert NO_ENGINE in member.get("/").text
