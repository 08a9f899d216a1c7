"""The files that the page loads: one style sheet, a picture, a little script, and htmx."""

from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

_FOLDER = Path(__file__).parent / "static"
_KINDS: Mapping[str, str] = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def static_route() -> Route:
    """``/static/…``: the files, read once; no path of a request reaches the disk."""
    files = {
        path.relative_to(_FOLDER).as_posix(): (path.read_bytes(), _KINDS[path.suffix])
        for path in _FOLDER.rglob("*")
        if path.suffix in _KINDS
    }

    async def serve(request: Request) -> Response:
        """One file."""
        found = files.get(request.path_params["name"])
        if found is None:
            return PlainTextResponse("there is no such file\n", 404)
        return Response(found[0], media_type=found[1])

    return Route("/static/{name:path}", serve)
