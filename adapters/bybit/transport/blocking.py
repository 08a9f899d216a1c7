"""A session for threads of their own: it blocks the thread until the answer is there."""

from collections.abc import Mapping
from time import monotonic

from requests import PreparedRequest, Request, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, ReadTimeout, TooManyRedirects
from requests.exceptions import ConnectionError as RequestsConnectionError
from urllib3.exceptions import HTTPError, ReadTimeoutError

from .lean_reply import LARGEST, WHOLE, LeanReply
from .surroundings import Surroundings

_PART = 1 << 16


class BlockingSession:
    """What pybit needs of a requests session, for a quarter less CPU per request.

    It has no cookies and no netrc, a small pool, and follows no redirect: on a 307 or 308, requests
    would send the POST again to whatever URL it names.

    Args:
        headers: that all requests have.
        pool_size: how many connections stay open.
        surroundings: between the process and the host.
    """

    def __init__(
        self, headers: Mapping[str, str], pool_size: int, surroundings: Surroundings
    ) -> None:
        self._headers = dict(headers)
        self._adapter = HTTPAdapter(pool_connections=1, pool_maxsize=pool_size)
        self._proxies = {"all": surroundings.proxy} if surroundings.proxy else {}
        self._verify = surroundings.ca_bundle or True

    def close(self) -> None:
        """Closes the connections that nobody uses."""
        self._adapter.close()

    def prepare_request(self, request: Request) -> PreparedRequest:
        """The request as requests sends it."""
        prepared = PreparedRequest()
        prepared.prepare_method(request.method)
        prepared.prepare_url(request.url, None)
        prepared.prepare_headers({**self._headers, **request.headers})
        prepared.prepare_body(request.data, None)
        return prepared

    def send(self, request: PreparedRequest, *, timeout: tuple[float, float]) -> LeanReply:
        """Sends it; the calling thread blocks until the whole answer is there.

        Raises:
            RequestException: there is no answer, or it is no more than a redirect.
        """
        began = monotonic()
        response = self._adapter.send(
            request, stream=True, timeout=timeout, proxies=self._proxies, verify=self._verify
        )
        if response.is_redirect:
            response.close()
            raise TooManyRedirects(response=response)
        try:
            body = _read(response, began + WHOLE * timeout[1])
        except ReadTimeoutError:
            raise ReadTimeout("the answer did not come in time") from None
        except HTTPError:
            raise ChunkedEncodingError("the connection ended before the answer did") from None
        finally:
            response.close()
        pairs = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in response.headers.items()]
        return LeanReply(response.url, response.status_code, pairs, body, monotonic() - began)


def _read(response: Response, ends: float) -> bytes:
    """The body; the moment it has to be there by bounds a server that never falls silent."""
    parts, size = [], 0
    while part := response.raw.read1(_PART, decode_content=False):
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            raise RequestsConnectionError("the answer is too long")
        if monotonic() > ends:
            raise ReadTimeout("the answer did not come in time")
    return b"".join(parts)
