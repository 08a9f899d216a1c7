"""Whoever has no token sees nothing; no other page can make a browser that has one do anything."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from trueup.domain.model.errors import ConfigurationError
from trueup.service.page.access.sessions import IDLE_S, LONGEST_S, TRIES, WITHIN_S, Sessions
from trueup.service.page.access.site import Listening, Site, Tls

from .asking import TOKEN, Visitor

_NOWHERE = Path("none.pem")
PATHS = ("/", "/monitors/desk0/S0USDT/Buy", "/runs/run-1", "/changes", "/none", "//", "/static")


@pytest.mark.parametrize("path", PATHS)
def test_without_a_session_every_page_leads_to_the_log_in(visitor: Visitor, path: str) -> None:
    for cookie in ("", "trueup=", "trueup=guessed", "__Host-trueup=guessed"):
        visitor.cookie = cookie
        answer = visitor.get(path)
        asked = "" if path.strip("/") == "" else "?" + urlencode({"next": path})
        assert (answer.status, answer.headers.get("location")) == (303, f"/log-in{asked}")
        assert answer.text == ""


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1", "localhost", "", "127.0.0.1:1"])
def test_a_name_that_was_made_to_lead_here_is_refused(member: Visitor, host: str) -> None:
    for path in ("/", "/log-in", "/static/page.css"):
        answer = member.get(path, Host=host or " ")
        assert answer.status in (400, 403)
        assert "desk0" not in answer.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", ""])
def test_no_other_page_logs_in_or_out(member: Visitor, origin: str) -> None:
    member.get("/")
    for path, fields in (("/log-in", {"token": TOKEN}), ("/log-out", {"csrf": member.csrf})):
        answer = member.post(path, fields, Origin=origin)
        assert answer.status == 403
        assert "set-cookie" not in answer.headers
    assert member.get("/").status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_the_browser_says_of_the_site_counts(member: Visitor, site: str) -> None:
    assert member.get("/").status == 200
    fields = {"csrf": member.csrf}
    assert member.post("/log-out", fields, Sec_Fetch_Site=site).status == 403


@pytest.mark.parametrize("word", ["", "guessed", "Ä"])
def test_a_form_needs_the_word_of_its_session(member: Visitor, word: str) -> None:
    answer = member.post("/log-out", {"csrf": word} if word else {})
    assert answer.status == 403
    assert member.get("/").status == 200


def test_a_form_of_another_session_does_not_pass(member: Visitor) -> None:
    other = Visitor(member.origin)
    other.log_in(TOKEN)
    other.get("/")
    assert member.post("/log-out", {"csrf": other.csrf}).status == 403


def test_who_logs_out_is_out(member: Visitor) -> None:
    member.get("/")
    answer = member.post("/log-out", {"csrf": member.csrf})
    assert answer.headers["location"] == "/log-in"
    assert member.get("/").status == 303, "the cookie that somebody kept is worth nothing"


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [("application/json", "x", 415), ("text/plain", "x", 415), ("", "x" * 20_000, 413)],
)
def test_what_is_no_form_is_refused(visitor: Visitor, kind: str, body: str, status: int) -> None:
    headers = {"Content_Type": kind} if kind else {}
    assert visitor.post("/log-in", {"token": body}, **headers).status == status


def test_tokens_cannot_be_tried_out(visitor: Visitor) -> None:
    for number in range(TRIES):
        answer = visitor.log_in(f"{TOKEN}{number}")
        assert answer.status in (401, 429)
        assert TOKEN not in answer.text
    answer = visitor.log_in(TOKEN)
    assert answer.status == 429, "the right one is not looked at either"
    assert 0 < int(answer.headers["retry-after"]) <= WITHIN_S


def test_the_limit_of_log_ins_ends_and_sessions_do() -> None:
    now = 0.0
    sessions = Sessions(TOKEN, lambda: now)
    for _ in range(TRIES):
        assert sessions.log_in("another-token-of-a-test") is None
    assert sessions.wait_s() == WITHIN_S
    assert sessions.log_in(TOKEN) is None
    now = WITHIN_S
    session_id = sessions.log_in(TOKEN)
    assert session_id is not None
    assert sessions.find(session_id) is not None
    now += IDLE_S + 1
    assert sessions.find(session_id) is None
    session_id = sessions.log_in(TOKEN) or ""
    began = now
    while now < began + LONGEST_S:
        assert sessions.find(session_id) is not None
        now += IDLE_S / 2
    now += 1
    assert sessions.find(session_id) is None


def test_the_cookie_is_for_this_page_alone(visitor: Visitor) -> None:
    cookie = visitor.log_in(TOKEN).headers["set-cookie"]
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
        "httponly",
        "path=/",
        "samesite=strict",
    }
    assert TOKEN not in cookie


@pytest.mark.parametrize("path", ["/", "/log-in", "/none", "/static/page.css", "/runs/none"])
def test_a_browser_loads_and_runs_nothing_else(member: Visitor, path: str) -> None:
    answer = member.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    for inline in ("<script>", "<style", " style=", " onclick=", " onload=", "javascript:"):
        assert inline not in answer.text


@pytest.mark.parametrize(
    "path", ["/static/../application.py", "/static/%2e%2e/application.py", "/static//etc/passwd"]
)
def test_no_path_reaches_the_disk(member: Visitor, path: str) -> None:
    assert member.get(path).status == 404


def test_what_is_asked_for_is_shown_as_text(member: Visitor) -> None:
    answer = member.get("/?text=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&page=-1&sort=x&show=%27")
    assert answer.status == 200
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


@pytest.mark.parametrize("where", ["0.0.0.0:8711", "192.0.2.1:8711", "[::]:8711"])
def test_beyond_loopback_it_needs_tls_or_a_named_proxy(where: str) -> None:
    with pytest.raises(ConfigurationError, match="TLS"):
        Listening.of(where)
    for proxy in ("http://trueup.example", "trueup.example", "https://a.example/path"):
        with pytest.raises(ConfigurationError):
            Listening.of(where, None, proxy)


def test_behind_a_proxy_only_its_name_counts() -> None:
    site = Listening.of("0.0.0.0:8711", None, "https://trueup.example/").site(8711, TOKEN)
    assert (site.hosts, site.is_secure) == ({"trueup.example"}, True)


def test_with_a_certificate_its_own_address_counts() -> None:
    tls = Tls(certificate=_NOWHERE, key=_NOWHERE)
    site = Listening.of("192.0.2.1:8711", tls).site(8711, TOKEN)
    assert site.origins == {"https://192.0.2.1:8711"}
    with pytest.raises(ConfigurationError, match="either"):
        Listening.of("192.0.2.1:8711", tls, "https://trueup.example")


@pytest.mark.parametrize("token", ["", "short", "with a space in it", "Ä" * 20])
def test_a_token_that_can_be_guessed_is_refused(token: str) -> None:
    with pytest.raises(ConfigurationError, match="at least 16"):
        Site(frozenset(("http://127.0.0.1:1",)), token)


def test_a_form_after_the_end_of_its_session_says_that_nothing_was_done(member: Visitor) -> None:
    member.get("/")
    member.post("/log-out", {"csrf": member.csrf})
    answer = member.post("/commands/do", {"csrf": member.csrf, "kind": "halt", "id": "x"})
    assert answer.status == 401
    assert "nothing was done" in answer.text
    assert 'href="/log-in"' in answer.text
    inside = member.get("/", HX_Request="true")
    assert (inside.status, inside.headers["hx-redirect"], inside.text) == (401, "/log-in", "")


def test_the_log_in_leads_to_the_page_that_was_asked_for(visitor: Visitor) -> None:
    asked = "/monitors/desk0/S0USDT/Buy?run=1"
    form = visitor.get(visitor.get(asked).headers["location"]).text
    assert f'name="next" value="{asked}"' in form
    wrong = visitor.post("/log-in", {"token": "wrong", "next": asked}).text
    assert f'name="next" value="{asked}"' in wrong, "a mistake does not lose it"
    answer = visitor.post("/log-in", {"token": TOKEN, "next": asked})
    assert (answer.status, answer.headers["location"]) == (303, asked)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        " //evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=1",
        "evil.example",
        "",
    ],
)
def test_the_log_in_leads_to_no_other_site(visitor: Visitor, elsewhere: str) -> None:
    answer = visitor.post("/log-in", {"token": TOKEN, "next": elsewhere})
    assert (answer.status, answer.headers["location"]) == (303, "/")
    form = visitor.get("/log-in?" + urlencode({"next": elsewhere})).text
    assert 'name="next" value="/"' in form
