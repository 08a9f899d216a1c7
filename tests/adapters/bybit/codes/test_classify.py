"""Codes of Bybit and what they mean; the rules are those of docs/v5/error.mdx and of threads."""

import pytest

from trueup.adapters.bybit.codes.classify import (
    classify,
    classify_status,
    known_codes,
    render_table,
)
from trueup.domain.model.outcomes import Effect, OutcomeClass


@pytest.mark.parametrize(
    ("code", "kind", "effect"),
    [
        (0, OutcomeClass.OK, Effect.NONE),
        (-1, OutcomeClass.TIMESTAMP, Effect.REJECTED),
        (429, OutcomeClass.TRANSIENT, Effect.UNKNOWN),
        (10000, OutcomeClass.TRANSIENT, Effect.UNKNOWN),
        (10002, OutcomeClass.TIMESTAMP, Effect.REJECTED),
        (10003, OutcomeClass.AUTH, Effect.REJECTED),
        (10006, OutcomeClass.RATE_LIMIT, Effect.REJECTED),
        (10014, OutcomeClass.INVALID, Effect.UNKNOWN),
        (10016, OutcomeClass.MAINTENANCE, Effect.UNKNOWN),
        (40004, OutcomeClass.TRANSIENT, Effect.UNKNOWN),
        (34040, OutcomeClass.NOTHING_CHANGED, Effect.NONE),
        (110001, OutcomeClass.ALREADY_GONE, Effect.REJECTED),
        (110004, OutcomeClass.INSUFFICIENT, Effect.REJECTED),
        (110005, OutcomeClass.MAINTENANCE, Effect.REJECTED),
        (110017, OutcomeClass.REDUCE_ONLY, Effect.REJECTED),
        (110064, OutcomeClass.INVALID, Effect.REJECTED),
        (110072, OutcomeClass.DUPLICATE_LINK_ID, Effect.REJECTED),
        (110079, OutcomeClass.TRANSIENT, Effect.REJECTED),
        (110022, OutcomeClass.NOT_AMENDABLE, Effect.REJECTED),
        (110094, OutcomeClass.VALUES, Effect.REJECTED),
        (110120, OutcomeClass.VALUES, Effect.REJECTED),
        (170141, OutcomeClass.DUPLICATE_LINK_ID, Effect.REJECTED),
        (170213, OutcomeClass.ALREADY_GONE, Effect.REJECTED),
        (170131, OutcomeClass.INSUFFICIENT, Effect.REJECTED),
        (170146, OutcomeClass.TRANSIENT, Effect.UNKNOWN),
    ],
)
def test_codes(code: int, kind: OutcomeClass, effect: Effect) -> None:
    known = classify(code)

    assert (known.kind, known.effect) == (kind, effect)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("position idx not match position mode", OutcomeClass.POSITION_MODE),
        ("Position Idx not match position mode", OutcomeClass.POSITION_MODE),
        ("can not set tp/sl/ts for zero position", OutcomeClass.REDUCE_ONLY),
        ("[8f3a]buy: [64000,66000] invalid", OutcomeClass.TRANSIENT),
        ("order not modified", OutcomeClass.NOTHING_CHANGED),
        ("params error: qty err", OutcomeClass.VALUES),
        ("order link id is longer than 45", OutcomeClass.INVALID),
        ("params error: symbol invalid", OutcomeClass.INVALID),
        ("", OutcomeClass.VALUES),
    ],
)
def test_10001_is_told_apart_by_its_text(message: str, kind: OutcomeClass) -> None:
    assert classify(10001, message).kind is kind


@pytest.mark.parametrize("code", [10001, 34039, 110001, 987654])
def test_not_modified_means_so_under_any_code(code: int) -> None:
    known = classify(code, "The order was Not Modified")

    assert (known.kind, known.effect) == (OutcomeClass.NOTHING_CHANGED, Effect.NONE)


def test_an_acknowledgement_stays_one_whatever_its_text() -> None:
    assert classify(0, "not modified").kind is OutcomeClass.OK


@pytest.mark.parametrize("code", [1, 110002, 999999])
def test_an_unknown_code_may_mean_that_it_was_executed(code: int) -> None:
    known = classify(code, "something new")

    assert (known.kind, known.effect) == (OutcomeClass.INVALID, Effect.UNKNOWN)


@pytest.mark.parametrize(
    ("status", "kind", "effect"),
    [
        (400, OutcomeClass.INVALID, Effect.REJECTED),
        (401, OutcomeClass.AUTH, Effect.REJECTED),
        (403, OutcomeClass.RATE_LIMIT, Effect.REJECTED),
        (404, OutcomeClass.INVALID, Effect.REJECTED),
        (409, OutcomeClass.TRANSIENT, Effect.UNKNOWN),
        (429, OutcomeClass.RATE_LIMIT, Effect.UNKNOWN),
        (500, OutcomeClass.TRANSIENT, Effect.UNKNOWN),
        (599, OutcomeClass.TRANSIENT, Effect.UNKNOWN),
        (302, OutcomeClass.INVALID, Effect.UNKNOWN),
    ],
)
def test_statuses(status: int, kind: OutcomeClass, effect: Effect) -> None:
    known = classify_status(status)

    assert (known.kind, known.effect) == (kind, effect)


def test_every_known_code_classifies_as_the_table_says() -> None:
    for known in known_codes():
        assert classify(known.code) == known


def test_every_code_says_what_it_means() -> None:
    assert all(known.meaning for known in known_codes())


def test_only_the_acknowledgement_is_ok() -> None:
    assert [known.code for known in known_codes() if known.kind is OutcomeClass.OK] == [0]


def test_the_table_has_a_row_for_every_code() -> None:
    table = render_table()

    assert all(f"\n| {known.code} | {known.kind.value} |" in table for known in known_codes())
    assert "| 403 | rate-limit | no |" in table
    assert "`zero position`" in table
