"""Two runs that did the same have no difference, whatever their ids; else people can read it."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from trueup.domain.audit.differences import differences

from .samples import LINK, ORDER, amending

_LINKS = st.builds(
    "MIR_TP1_BANDUSDT_{}_{}".format,
    st.integers(10**12, 10**13 - 1),
    st.integers(1000, 9999),
)
_ORDERS = st.integers(0, 2**128 - 1).map(lambda value: str(UUID(int=value)))
_RUNS = st.from_regex(r"[0-9a-f]{12}", fullmatch=True)


@given(_RUNS, _LINKS, _ORDERS)
def test_ids_alone_make_no_difference(run_id: str, link: str, order: str) -> None:
    assert differences(amending(), amending(run_id, link, order)) == ()


@given(_RUNS, _LINKS, _ORDERS)
def test_every_character_counts_where_nothing_is_named(run_id: str, link: str, order: str) -> None:
    differ = (run_id, link, order) != ("r1", LINK, ORDER)
    assert bool(differences(amending(), amending(run_id, link, order), by_name=False)) is differ


def test_a_difference_shows_the_part_it_is_in() -> None:
    assert differences(amending(), amending("r2", quantity="783.5")) == (
        "intents",
        "  - amend  TP1 ‹TP1› confirmed to 783.6",
        "  + amend  TP1 ‹TP1› confirmed to 783.5",
        "alert",
        "    SUCCESS",
        "  - TP1: 261.2→783.6",
        "  + TP1: 261.2→783.5",
        "    ‹run›",
    )


def test_an_order_that_was_not_looked_up_is_a_difference() -> None:
    run = amending()
    without = replace(run, calls=run.calls[:-1])
    assert differences(run, without) == (
        "calls",
        "    observe  -                                    complete  (size 921.9)",
        "    amend    ‹TP1› already-gone 110001  (too late)",
        "  - look_up  ‹TP1› found  (OPEN 0/261.2)",
    )


def test_a_second_order_of_a_level_has_a_name_of_its_own() -> None:
    run, other = amending(), LINK.replace("7432", "7433")
    again = replace(run.intents[0], id="r1-2", order_link_id=other, order_id="")
    twice = replace(run, intents=(*run.intents, again), calls=())
    assert differences(replace(run, calls=()), twice) == (
        "intents",
        "    amend  TP1 ‹TP1› confirmed to 783.6",
        "  + amend  TP1 ‹TP1 2› confirmed to 783.6",
    )


def test_an_order_of_which_the_run_knows_nothing_is_just_an_order() -> None:
    calls = amending().calls
    run = replace(amending(), intents=(), calls=calls[2:])
    assert differences(run, replace(run, calls=calls[1:])) == (
        "calls",
        "  + amend    ‹TP1› already-gone 110001  (too late)",
        "    look_up  ‹order› found  (OPEN 0/261.2)",
    )
