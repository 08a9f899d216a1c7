"""Pages: what people read and what scripts read is the same."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.storage.samples import KEY, NOON, intent, stop_intent
from trueup.domain.audit.explanation import explain_run
from trueup.domain.audit.level_story import explain_level
from trueup.domain.audit.on_record import (
    Gap,
    LevelOnRecord,
    RunOnRecord,
    SentAlert,
    StopOnRecord,
)
from trueup.domain.audit.page import Page, Part, page_document, page_lines
from trueup.domain.audit.stop_story import explain_stop
from trueup.domain.audit.transcript import Transcript
from trueup.domain.audit.words import length_text, run_outcome, why_text, write_name
from trueup.domain.model.alert import Delivery
from trueup.domain.model.commands import Operation
from trueup.domain.model.events import LadderChanged
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.ladder import Ladder

from .samples import amending

PLACE = replace(intent(), covered=Decimal(0), covers=Decimal(85))
AMEND = replace(PLACE, operation=Operation.AMEND, covered=Decimal(60))


def test_a_page_is_words_and_tables() -> None:
    table = Part("Orders", ("two",), ("level", "price"), (("TP1", "0.9"), ("TP2", "12")))
    page = Page("a page", {"of": "ann", "outcome": "fine"}, (table, Part("Nothing else", ("",))))
    assert list(page_lines(page)) == [
        "a page",
        "  of       ann",
        "  outcome  fine",
        "",
        "Orders",
        "  two",
        "  level  price",
        "  TP1    0.9",
        "  TP2    12",
        "",
        "Nothing else",
        "",
    ]
    assert page_document(page)["orders"] == {
        "lines": ["two"],
        "rows": [{"level": "TP1", "price": "0.9"}, {"level": "TP2", "price": "12"}],
    }


@pytest.mark.parametrize(
    ("write", "why"),
    [
        (PLACE, "the ladder asks for 85, and nothing of it was covered before"),
        (
            replace(PLACE, covered=Decimal(5)),
            "the ladder asks for 85, and 5 had been covered before",
        ),
        (replace(PLACE, again=True), "the same order again, by its own id"),
        (AMEND, "its order covered 60, and the ladder asks for 85"),
        (replace(AMEND, covers=Decimal(60)), "the quantity is right, the price is not"),
        (
            replace(AMEND, operation=Operation.CANCEL, covers=Decimal(0)),
            "its 60 must go: the ladder asks for 0 there",
        ),
    ],
)
def test_a_write_says_why_it_was_planned(write: object, why: str) -> None:
    assert isinstance(write, type(PLACE))
    assert why_text(write).startswith(why)


def test_a_write_is_named_by_its_level_or_its_order() -> None:
    assert write_name(PLACE) == "place TP1"
    assert write_name(replace(PLACE, part=2)) == "place TP1.2"
    assert write_name(replace(PLACE, level=0)) == "place MIR_TP1"


def test_lengths_are_read_at_a_glance() -> None:
    lengths = (timedelta(milliseconds=1250), timedelta(minutes=1), timedelta(hours=2, seconds=3))
    assert [length_text(length) for length in lengths] == ["1250 ms", "0:01:00", "2:00:03"]


def test_a_run_that_is_not_over_says_where_it_stands() -> None:
    assert run_outcome(amending().transitions) == "under way, or cut off, in Placing"
    assert run_outcome(()) == "unknown: no step of it is on record"


def test_what_was_not_verified_is_named() -> None:
    run = amending()
    unsure = replace(run.intents[0], status=IntentStatus.UNKNOWN)
    without = replace(run, intents=(unsure,), calls=run.calls[:2])
    document = page_document(explain_run(RunOnRecord(KEY, without)))
    assert document["what was verified"] == {
        "lines": [
            "of 1 writes: 1 unknown",
            "not verified: amend TP1",
            "nothing was read after the first write",
        ],
        "rows": [],
    }
    assert document["what the ladder asked for"] == {"lines": ["it had no ladder"], "rows": []}


def test_an_alert_that_a_sink_does_not_have_is_not_delivered() -> None:
    sinks = {"chat": Delivery(3, error="OSError"), "log": Delivery(1, NOON)}
    run = RunOnRecord(KEY, amending(), alert=SentAlert(None, sinks))
    lines = list(page_lines(explain_run(run)))
    assert "  not delivered to every sink yet" in lines
    assert "  not delivered to sink ‘chat’ yet, tries: 3, last error: OSError" in lines
    assert "  delivered 2026-01-31 12:00:00.000 UTC to sink ‘log’, tries: 1" in lines


def test_what_was_uncovered_says_for_how_long() -> None:
    gaps = (
        Gap(Decimal(5), NOON, NOON + timedelta(minutes=3), "the key was refused"),
        Gap(Decimal(6), NOON, None, ""),
    )
    lines = list(page_lines(explain_run(RunOnRecord(KEY, amending(), gaps=gaps))))
    assert lines[-2:] == [
        (
            "  5 from 2026-01-31 12:00:00.000 UTC until 2026-01-31 12:03:00.000 UTC, 0:03:00"
            " (the key was refused)"
        ),
        "  6 from 2026-01-31 12:00:00.000 UTC, and it lasts",
    ]


def test_a_level_without_a_story_says_so() -> None:
    lines = list(page_lines(explain_level(LevelOnRecord(KEY, 3, {}))))
    assert lines[:2] == ["mirror BANDUSDT Sell TP3", "  status  the ladder has no TP3"]
    assert "  no write of it is on record" in lines
    assert "  nothing of it is on record" in lines


def test_a_write_of_an_unread_run_says_that_too() -> None:
    done = replace(AMEND, status=IntentStatus.CONFIRMED)
    told = list(page_lines(explain_level(LevelOnRecord(KEY, 1, {}, writes=(done,)))))
    assert any("in run r1 (not on record)" in line for line in told)
    known = LevelOnRecord(KEY, 1, {}, writes=(done,), runs={"r1": amending()})
    told = list(page_lines(explain_level(known)))
    assert any("in run r1 (caller, position 921.9)" in line for line in told)
    assert run_outcome(Transcript("r1").transitions).startswith("unknown")


def test_a_level_whose_last_write_was_refused_says_by_whom_and_why() -> None:
    refused = replace(PLACE, status=IntentStatus.REFUSED, code=110007, detail="no margin")
    lines = list(page_lines(explain_level(LevelOnRecord(KEY, 1, {}, writes=(refused,)))))
    (why,) = (line for line in lines if "refused by the exchange at 2026-" in line)
    assert why.endswith("in run r1: 110007 no margin")
    unsure = replace(PLACE, status=IntentStatus.UNKNOWN, code=502, detail="gateway")
    lines = list(page_lines(explain_level(LevelOnRecord(KEY, 1, {}, writes=(unsure,)))))
    assert any("without a certain answer at" in line for line in lines)


def test_the_ladder_of_a_run_stands_before_the_writes_that_follow_it() -> None:
    """The run reports the change when it ends; it went by it from its start."""
    write = replace(PLACE, created_at=NOON + timedelta(seconds=1))
    change = LadderChanged("given", None, Ladder.of(("0.72", 100)))
    ended = NOON + timedelta(seconds=5)
    level = LevelOnRecord(
        KEY, 1, {}, (write,), ladders=((ended, "r1", change),), runs={"r1": amending()}
    )
    lines = list(page_lines(explain_level(level)))
    ladder = next(n for n, line in enumerate(lines) if "the ladder: none → 100 %" in line)
    place = next(n for n, line in enumerate(lines) if "place 0 → 85" in line)
    assert ladder < place


def test_a_run_that_left_writes_unanswered_does_not_say_that_nothing_was_uncovered() -> None:
    unsure = replace(PLACE, status=IntentStatus.UNKNOWN)
    run = RunOnRecord(KEY, replace(amending(), intents=(unsure,)))
    lines = list(page_lines(explain_run(run)))
    assert lines[-1] == "  not known: 85 was not known to be covered when the run ended"
    done = RunOnRecord(KEY, amending())
    assert list(page_lines(explain_run(done)))[-1].startswith("  nothing, as far as")


def test_a_stop_that_trueup_set_first_was_not_there_before() -> None:
    lines = list(page_lines(explain_stop(StopOnRecord(KEY, {}, (stop_intent(),)))))
    assert lines[-1].startswith("  it had none when first read, until trueup set it at 2026-01-31")


def test_a_stop_that_was_removed_and_set_again_was_there_before() -> None:
    again = replace(stop_intent(), id="r2-1", created_at=NOON + timedelta(hours=1))
    lines = list(page_lines(explain_stop(StopOnRecord(KEY, {}, (stop_intent(), again)))))
    assert lines[-2].startswith("  it had none when first read")
    assert lines[-1].startswith("  it was gone when read, until trueup set it at 2026-01-31")
