"""Who may ask: whoever may open the Unix socket, and on loopback who has the token.

A browser sends ``Origin`` with what a page of another site posts, and the page's own host as
``Host`` where a name is made to lead here. So neither a page nor its scripts can do anything.
"""

from hmac import compare_digest

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ..settings import Address
from .errors import error_document

_BEARER = "Bearer "


class Guard:
    """Lets requests through to an application, or refuses them.

    Args:
        application: what answers.
        address: where it is asked on loopback; None on the Unix socket, which asks for no token,
            as only its owner can open it.
        token: what a request on loopback carries as ``Authorization: Bearer …``.
    """

    def __init__(
        self, application: ASGIApp, address: Address | None = None, token: str = ""
    ) -> None:
        self._application = application
        self._address = address
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        refusal = self._refusal(Headers(scope=scope)) if scope["type"] == "http" else None
        if refusal is None:
            await self._application(scope, receive, send)
            return
        status, why = refusal
        headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None  # noqa: PLR2004 - HTTP's
        response = JSONResponse(error_document("Refused", why), status, headers)
        await response(scope, receive, send)

    def _refusal(self, headers: Headers) -> tuple[int, str] | None:
        """The status and the reason; None lets it through."""
        if "origin" in headers:
            return 403, "a page in a browser may ask nothing here"
        if self._address is None:
            return None
        if headers.get("host", "") not in _names(self._address):
            return 403, f"this is {self._address}, and it was asked for by another name"
        given = headers.get("authorization", "")
        if not given.startswith(_BEARER):
            return 401, "a request on loopback carries the token: Authorization: Bearer …"
        if not compare_digest(given.removeprefix(_BEARER).encode(), self._token):
            return 401, "the token is another one"
        return None


def _names(address: Address) -> frozenset[str]:
    return frozenset((str(address), f"localhost:{address.port}"))
