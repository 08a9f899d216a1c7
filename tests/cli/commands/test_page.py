"""The page of a running engine: a command is planned, confirmed, done once and on record."""

import re
from collections.abc import Iterator

import pytest

from trueup.storage import open_reader

from ...service.asking import TOKEN
from ...service.page.asking import Visitor
from ..desk import Desk
from .paging import paged

MONITOR = {"account": "main", "symbol": "BANDUSDT", "side": "Buy"}


@pytest.fixture
def member(desk: Desk) -> Iterator[Visitor]:
    """Somebody who has logged in to the page of an engine that runs."""
    with paged(desk) as origin:
        visitor = Visitor(origin)
        assert visitor.log_in(TOKEN).status == 303
        yield visitor


def logged(desk: Desk) -> list[tuple[object, ...]]:
    with open_reader(f"sqlite:///{desk.database}") as reader:
        rows = reader.rows("command_log")
        return [(row["kind"], row["asked_by"], row["reason"]) for row in rows]


def planned(member: Visitor, kind: str, **fields: str) -> tuple[str, dict[str, str]]:
    """What the plan says, and the form that confirms it."""
    member.get("/")
    answer = member.post("/commands/plan", {"csrf": member.csrf, "kind": kind, **fields})
    assert answer.status == 200, answer.text
    form = answer.text.partition('action="/commands/do"')[2]
    return answer.text, dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_a_command_is_shown_then_done_and_only_once(member: Visitor, desk: Desk) -> None:
    text, form = planned(member, "pause", **MONITOR)
    assert "Nothing was done yet" in text
    assert "writes leave → no write leaves: pause" in text
    assert logged(desk) == []
    answer = member.post("/commands/do", {**form, "reason": "<i>news</i>"})
    assert "Pause: done" in answer.text
    assert "&lt;i&gt;news" in answer.text
    assert "asked for before" in member.post("/commands/do", form).text
    assert logged(desk) == [("pause", "the page", "<i>news</i>")]
    shown = member.get("/?account=main").text
    assert "paused by the page: &lt;i&gt;news&lt;/i&gt;" in shown


def test_what_is_halted_is_resumed(member: Visitor) -> None:
    _, form = planned(member, "halt")
    assert "Halt everything: done" in member.post("/commands/do", form).text
    assert "End the halt" in member.get("/").text
    _, form = planned(member, "resume", everything="true")
    assert "Resume: done" in member.post("/commands/do", form).text
    assert "End the halt" not in member.get("/").text


@pytest.mark.parametrize("path", ["/commands/plan", "/commands/do"])
def test_no_other_page_commands(member: Visitor, desk: Desk, path: str) -> None:
    member.get("/")
    fields = {"csrf": member.csrf, "kind": "halt", "id": "x"}
    assert member.post(path, fields, Origin="https://evil.example").status == 403
    assert member.post(path, {**fields, "csrf": "guessed"}).status == 403
    assert member.post(path, {**fields, "kind": "reload"}).status == 400
    assert member.post(path, {**fields, "symbol": "BANDUSDT"}).status == 400
    assert Visitor(member.origin).post(path, fields).status == 401
    assert logged(desk) == []


def test_the_accounts_show_how_much_of_their_requests_they_use(member: Visitor) -> None:
    text = member.get("/").text.partition('id="accounts"')[2]
    budgets = re.findall(r'data-label="Requests"[^>]*>([^<]+)', text)
    assert len(budgets) == 2
    for words in budgets:
        assert re.fullmatch(r"\d+ of \d+ a second, \w+; \d+ of \d+ in 5 s, all accounts", words)
