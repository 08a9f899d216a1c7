"""Cover and protection over time: nothing is shown as so that no read has found so."""

from datetime import UTC, datetime, timedelta

from trueup.service.page.reading.history import history_of
from trueup.service.page.reading.pending import PendingWrite
from trueup.service.page.reading.reasons import in_words
from trueup.service.page.reading.standing import Standing, words_of
from trueup.storage import Row

BEGAN = datetime(2026, 12, 1, 12, tzinfo=UTC)
ENDED = BEGAN + timedelta(seconds=5)
WHOLE: Row = {
    "position_size": "1000",
    "covered_quantity": "1000",
    "last_run_at": ENDED.isoformat(),
    "unanswered": 0,
}
BARE: Row = {**WHOLE, "covered_quantity": "0", "unanswered": 4}


def us(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def lists(**others: list[Row]) -> dict[str, list[Row]]:
    first: Row = {"at_us": us(BEGAN), "ended_us": us(ENDED)}
    return {"first": [first], "gaps": [], "bare": [], "set_first": [], "first_read": []} | others


def read(detail: str) -> dict[str, list[Row]]:
    return {"first_read": [{"at": BEGAN.isoformat(), "detail": detail}]}


def test_cover_is_not_known_before_a_run_has_ended() -> None:
    history = history_of(WHOLE, lists())
    assert (history.began, history.known_since) == (BEGAN, ENDED)
    assert (list(history.cover), list(history.protection)) == ([], [])


def test_a_first_read_without_any_order_was_uncovered() -> None:
    (lack,) = history_of(WHOLE, lists(**read("size 1000, orders 0"))).cover
    assert (lack.what, lack.since, lack.until) == ("1000 uncovered", BEGAN, ENDED)
    for detail in ("size 0, orders 0", "size 1000, orders 1", ""):
        assert not history_of(WHOLE, lists(**read(detail))).cover, detail


def test_what_a_run_without_an_answer_leaves_is_not_shown_as_covered() -> None:
    """It records no time without cover, as it does not know; the page says the same as above."""
    (lack,) = history_of(BARE, lists()).cover
    assert (lack.what, lack.since, lack.until) == ("1000 not known to be covered", ENDED, None)
    assert lack.why.startswith("4 writes are unanswered")
    gap: Row = {"quantity": "1000", "since": ENDED.isoformat(), "until": None, "why": "no margin"}
    (lack,) = history_of({**BARE, "unanswered": 0}, lists(gaps=[gap])).cover
    assert (lack.what, lack.why) == ("1000 uncovered", "no margin")


def test_a_stop_that_trueup_set_was_not_there_before() -> None:
    set_at = BEGAN + timedelta(seconds=2)
    was_set: Row = {"since_us": us(BEGAN), "until": set_at.isoformat()}
    history = history_of(WHOLE, lists(set_first=[was_set]))
    (lack,) = history.protection
    assert (lack.since, lack.until) == (BEGAN, set_at)
    assert history.stop_known_since == set_at


def test_a_write_is_past_its_limit_or_not() -> None:
    write = PendingWrite({"until": ENDED.isoformat()}, ENDED.isoformat(), "absent")
    assert write.is_absent
    assert not write.is_past(BEGAN)
    assert write.is_past(ENDED + timedelta(seconds=1))
    assert not PendingWrite({"until": None}).is_past(ENDED)


def test_no_cover_at_all_is_said_so_and_not_where_an_answer_is_missing() -> None:
    uncovered = Standing.UNCOVERED
    assert words_of(uncovered, {**BARE, "unanswered": 0}) == "no take-profit at all"
    assert words_of(uncovered, BARE) == "no take-profit confirmed"
    assert words_of(uncovered, {**BARE, "covered_quantity": "5"}) == "not wholly covered"


def test_equal_refusals_are_one_line() -> None:
    lines = ["TP1: 0→850 ❌ 110007 no", "TP2: 0→50 ❌ 110007 no", "TP3: 0→50 ❓ 502 gone", "0 is"]
    assert list(in_words(lines)) == [
        "TP1 0→850, TP2 0→50 refused: 110007 no",
        "TP3 0→50 not verified: 502 gone",
        "0 is",
    ]
