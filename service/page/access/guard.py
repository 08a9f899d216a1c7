"""The door of the page: a request passes by its Host, its Origin, its session and its form's word.

A name that was made to lead here (DNS rebinding) has another ``Host``. A page of another site has
another ``Origin`` on whatever it posts, and the session's cookie is not sent with it
(``SameSite=Strict``). A page of another port of this machine counts as the same site for cookies,
so that alone would not do; and every form of a session carries its word, which no other page knows.
"""

import re
from collections.abc import Callable, Mapping
from hmac import compare_digest
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .headers import HEADERS, SECURE
from .sessions import Session, Sessions
from .site import Site

LOG_IN = "/log-in"
STATIC = "/static/"
LONGEST_FORM = 16_384
"""So many bytes a form may have."""
_SAFE = ("GET", "HEAD")
_OWN_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")
"""Printable, without a blank, without a backslash."""
_OWN_SITES = ("same-origin", "none")


class Refused(Exception):  # noqa: N818 - says what was done
    """A request that is not let in; the text says why.

    Attributes:
        status: of the answer.
    """

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Door:
    """Lets requests through to the page, with their session, or refuses them.

    Args:
        page: what answers.
        site: where it is reached.
        sessions: who has logged in.
        log_in_first: answers a form without a session.
    """

    def __init__(
        self, page: ASGIApp, site: Site, sessions: Sessions, log_in_first: Callable[[], Response]
    ) -> None:
        self._page = page
        self._site = site
        self._sessions = sessions
        self._log_in_first = log_in_first
        self._headers = {**HEADERS, **(SECURE if site.is_secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        scope["path"] = scope["path"] or "/"
        request = Request(scope, receive)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        try:
            answer = self._refusal(request)
        except Refused as error:
            answer = PlainTextResponse(f"{error}\n", error.status)
        await (answer or self._page)(scope, receive, sent)

    def _refusal(self, request: Request) -> Response | None:
        """What is answered instead of the page; None lets it through.

        Raises:
            Refused: it is not let in.
        """
        headers, path = request.headers, request.url.path
        if headers.get("host", "") not in self._site.hosts:
            raise Refused(403, "the page was asked for by another name than its own")
        if request.method not in _SAFE:
            _check_origin(headers, self._site)
        if path == LOG_IN or path.startswith(STATIC):
            return None
        session = self._sessions.find(request.cookies.get(cookie_name(self._site), ""))
        if session is None:
            log_in = _log_in_for(request)
            if "hx-request" in headers:
                # htmx would put the log-in into the middle of the page: it goes there as a whole.
                return Response(status_code=401, headers={"HX-Redirect": log_in})
            if request.method not in _SAFE:
                return self._log_in_first()
            return RedirectResponse(log_in, 303)
        request.state.session = session
        return None


def _check_origin(headers: Mapping[str, str], site: Site) -> None:
    """A browser says with every post which page it comes from; what says nothing is none.

    Raises:
        Refused: it comes from elsewhere.
    """
    if headers.get("origin") not in site.origins:
        raise Refused(403, "a page of another site, or a program, may change nothing here")
    if headers.get("sec-fetch-site", "same-origin") not in _OWN_SITES:
        raise Refused(403, "a page of another site may change nothing here")


def _log_in_for(request: Request) -> str:
    """The log-in, which leads on to the page that was asked for."""
    url = request.url
    asked = own_path(f"{url.path}?{url.query}" if url.query else url.path)
    return LOG_IN if asked == "/" else f"{LOG_IN}?{urlencode({'next': asked})}"


def own_path(text: str) -> str:
    """The same, if it is a path of this page; else that of the overview.

    A browser takes what begins with two slashes, or a slash and a backslash, for another host.

    >>> own_path("/monitors/main/BANDUSDT/Buy?run=1"), own_path("//elsewhere.example/")
    ('/monitors/main/BANDUSDT/Buy?run=1', '/')
    """
    return text if _OWN_PATH.fullmatch(text) else "/"


def cookie_name(site: Site) -> str:
    """Of the session; over TLS one that no other host and no plain page can set."""
    return "__Host-trueup" if site.is_secure else "trueup"


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, each once.

    Raises:
        Refused: it is too long, or no form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind != "application/x-www-form-urlencoded":
        raise Refused(415, "a form is expected")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            raise Refused(413, f"a form has at most {LONGEST_FORM} bytes")
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise Refused(400, "this is no form") from None
    return {name: values[-1] for name, values in fields.items()}


async def checked_form(request: Request) -> dict[str, str]:
    """The same, of a session that has sent it itself.

    Raises:
        Refused: besides, the word of the session is missing, or another one.
    """
    fields = await form_of(request)
    session: Session = request.state.session
    if not compare_digest(fields.pop("csrf", "").encode(), session.csrf.encode()):
        raise Refused(403, "this form is not of this session: open the page anew")
    return fields
