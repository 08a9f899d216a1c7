"""A request of pybit's as bytes: the same that requests would send."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from requests import PreparedRequest, Request
from requests.exceptions import InvalidHeader, InvalidSchema, InvalidURL

from .surroundings import Proxy

_PORTS = {"http": 80, "https": 443}
_NEEDS_NO_QUOTING = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?-]*")
_LINES = re.compile(r"(?:[^:\s][^:\r\n]*: (?:\S[^\r\n]*)?\r\n)*")


@dataclass(frozen=True, slots=True)
class Origin:
    """A server."""

    is_https: bool
    host: str
    port: int

    @property
    def address(self) -> str:
        """Host and port in one."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(slots=True)
class LeanRequest:
    """A request as bytes, its headers beside it for pybit's log."""

    origin: Origin
    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes


def lean_request(
    request: Request, common: Mapping[str, str], proxy: Proxy | None = None
) -> LeanRequest:
    """Renders a request, with the headers that all have in common.

    Raises:
        RequestException: it cannot be sent.
    """
    base, mark, query = request.url.partition("?")
    if not _NEEDS_NO_QUOTING.fullmatch(query):
        base, mark, query = request.url, "", ""
    origin, host, path = _place(base)
    if proxy is not None and not origin.is_https:
        path = f"http://{host}{path}"
    headers = {**common, **request.headers}
    data: str = request.data or ""
    if data:
        headers["Content-Length"] = str(len(data.encode()))
    elif request.method != "GET":
        headers["Content-Length"] = "0"
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    if not _LINES.fullmatch(lines) or not lines.isascii():
        raise InvalidHeader("a header holds what no header may")
    if proxy is not None and not origin.is_https:
        lines += proxy.header
    head = f"{request.method} {path}{mark}{query} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n"
    return LeanRequest(origin, request.method, request.url, headers, f"{head}{data}".encode())


@lru_cache(maxsize=256)
def _place(url: str) -> tuple[Origin, str, str]:
    """The server, what the header Host calls it, and the target, as requests reads a URL."""
    prepared = PreparedRequest()
    prepared.prepare_url(url, None)
    parts = urlsplit(str(prepared.url))
    if parts.scheme not in _PORTS:
        raise InvalidSchema("the scheme is neither http nor https")
    if not parts.hostname:
        raise InvalidURL("the URL names no host")
    usual = _PORTS[parts.scheme]
    origin = Origin(parts.scheme == "https", parts.hostname, parts.port or usual)
    shown = origin.address
    host = shown.removesuffix(f":{usual}") if origin.port == usual else shown
    return origin, host, prepared.path_url
