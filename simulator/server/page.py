"""The page at `/`: a few static files, which read and drive the control paths.

They are plain HTML, one style sheet and ECMAScript modules, and load nothing from elsewhere. The
policy that goes with them lets a browser run and load nothing else, and no script make HTML of text
(Trusted Types): what clients send, link ids and texts, can only be shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from .guard import stranger

FILES = Path(__file__).parent / "static"
"""Where the files are."""
_KINDS: Mapping[str, str] = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What every answer for a browser carries."""


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    media_type: str


class PageApp:
    """The ASGI application of the page: `/`, and the files that it loads from `/page/`."""

    def __init__(self) -> None:
        self._files = {
            path.name: _File(path.read_bytes(), _KINDS[path.suffix])
            for path in FILES.iterdir()
            if path.suffix in _KINDS
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one file."""
        await self._response(Request(scope))(scope, receive, send)

    def _response(self, http: Request) -> Response:
        refused = stranger(http.client.host if http.client else "", http.headers)
        if refused is not None:
            return PlainTextResponse(refused, 403, HEADERS)
        file = self._files.get(http.url.path.rpartition("/")[2] or "index.html")
        if file is None:
            return PlainTextResponse("there is no such file", 404, HEADERS)
        return Response(file.content, headers=HEADERS, media_type=file.media_type)
