"""``/log-in`` and ``/log-out``: a session for who has the token."""

import math
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from .access.guard import LOG_IN, checked_form, cookie_name, form_of, own_path
from .parts import Parts
from .rendering import render


def routes(parts: Parts) -> Sequence[BaseRoute]:
    """The routes of this module."""
    sessions, name = parts.sessions, cookie_name(parts.site)

    async def ask(request: Request) -> Response:
        """The form."""
        return _form("", 200, own_path(request.query_params.get("next", "/")))

    async def log_in(request: Request) -> Response:
        """Begins a session, or says why not."""
        fields = await form_of(request)
        session_id = sessions.log_in(fields.get("token", "").strip())
        goes_on = own_path(fields.get("next", "/"))
        if session_id is None:
            return _refused(sessions.wait_s(), goes_on)
        answer = RedirectResponse(goes_on, 303)
        answer.set_cookie(
            name, session_id, httponly=True, samesite="strict", secure=parts.site.is_secure
        )
        return answer

    async def log_out(request: Request) -> Response:
        """Ends the session."""
        await checked_form(request)
        sessions.log_out(request.cookies.get(name, ""))
        answer = RedirectResponse(LOG_IN, 303)
        answer.delete_cookie(name, httponly=True, samesite="strict", secure=parts.site.is_secure)
        return answer

    return (
        Route(LOG_IN, ask),
        Route(LOG_IN, log_in, methods=["POST"]),
        Route("/log-out", log_out, methods=["POST"]),
    )


def _refused(wait_s: float, goes_on: str) -> Response:
    if not wait_s:
        return _form("That is not the token.", 401, goes_on)
    seconds = math.ceil(wait_s)
    why = f"Too many log-ins have failed: the next one counts in {seconds} s."
    answer = _form(why, 429, goes_on)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _form(problem: str, status: int, goes_on: str) -> Response:
    """The form, which leads on to a path of the page."""
    values = {"problem": problem, "session": None, "goes_on": goes_on}
    return render("log_in.html", values, status)
