"""Values without their guard are the same values, and are frozen again afterwards."""

from dataclasses import FrozenInstanceError
from decimal import Decimal
from difflib import unified_diff

import pytest

from chaos import draw_history, play
from chaos.speed.mutable_dataclasses import mutable_dataclasses
from trueup.domain.planning import plan
from trueup.domain.planning.targets import Target

TARGET = Target(1, 1, Decimal(10), Decimal(5))


def test_a_thawed_value_is_the_same_and_freezes_again() -> None:
    with mutable_dataclasses():
        quick_replace = vars(plan)["replace"]
        made = Target(1, 1, price=Decimal(10), quantity=Decimal(5))
        copied = quick_replace(made, part=2)
        assert (copied.part, made.part) == (2, 1)
        with pytest.raises(TypeError):
            Target(1, 1)  # type: ignore[call-arg] # an argument is missing
        with pytest.raises(AttributeError):
            quick_replace(made, no_such_field=2)
    assert (made, hash(made), repr(made)) == (TARGET, hash(TARGET), repr(TARGET))
    with pytest.raises(FrozenInstanceError):
        made.part = 3  # type: ignore[misc] # it is frozen


def test_defaults_are_kept() -> None:
    with mutable_dataclasses():
        quick = plan.Plan()
    assert quick == plan.Plan()


@pytest.mark.parametrize("seed", [9, 40, 62])
def test_a_history_is_the_same_on_thawed_values(seed: int) -> None:
    history = draw_history(seed)
    slow = play(history, keep_log=True)
    with mutable_dataclasses():
        quick = play(history, keep_log=True)
    assert list(unified_diff(slow.lines, quick.lines)) == []
    assert quick == slow
    assert slow.lines
