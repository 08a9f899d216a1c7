"""An answer, with what pybit asks of a response of requests."""

import json
import zlib
from collections.abc import Iterator, Mapping
from datetime import timedelta

from requests.exceptions import ContentDecodingError, JSONDecodeError

LARGEST = 4 << 20
"""No answer may have more bytes, as they come in or unpacked."""

WHOLE = 2
"""A whole answer has to be there within so many times the longest silence."""

_GZIP_OR_ZLIB, _DEFLATE = 47, -15
_PACKED = frozenset(("gzip", "x-gzip", "deflate"))


class LeanHeaders(Mapping[str, str]):
    """Headers by name, in any case; what comes several times is joined by commas."""

    __slots__ = ("_of",)

    def __init__(self, pairs: list[tuple[bytes, bytes]]) -> None:
        self._of = {name.lower(): value for name, value in pairs}
        if len(self._of) != len(pairs):
            for key in self._of:
                self._of[key] = b", ".join(value for name, value in pairs if name.lower() == key)

    def __getitem__(self, name: str) -> str:
        return self._of[name.lower().encode("latin-1")].decode("latin-1")

    def __iter__(self) -> Iterator[str]:
        return (name.decode("latin-1") for name in self._of)

    def __len__(self) -> int:
        return len(self._of)


class LeanReply:
    """A whole answer.

    Raises:
        ContentDecodingError: the body cannot be unpacked.
    """

    __slots__ = ("content", "elapsed", "headers", "status_code", "url")

    def __init__(
        self, url: str, status: int, pairs: list[tuple[bytes, bytes]], body: bytes, seconds: float
    ) -> None:
        self.url = url
        self.status_code = status
        self.headers = LeanHeaders(pairs)
        packing = self.headers.get("content-encoding", "").strip().lower()
        self.content = _unpacked(body) if packing in _PACKED else body
        self.elapsed = timedelta(seconds=seconds)

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.content.decode(errors="replace")

    def json(self) -> object:
        """The body as JSON.

        Raises:
            JSONDecodeError: of requests; the body is none.
        """
        try:
            return json.loads(self.text)
        except json.JSONDecodeError as error:
            raise JSONDecodeError(error.msg, error.doc, error.pos) from None


def _unpacked(body: bytes) -> bytes:
    if not body:
        return body
    for kind in (_GZIP_OR_ZLIB, _DEFLATE):
        unpacking = zlib.decompressobj(kind)
        try:
            content = unpacking.decompress(body, LARGEST)
        except zlib.error:
            continue
        if unpacking.eof and not unpacking.unused_data:
            return content
        break
    raise ContentDecodingError("the body cannot be unpacked")
