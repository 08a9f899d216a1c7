"""A visitor of the page, as bytes on its socket: nothing of trueup helps."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from trueup.service.listening.page_server import page_served
from trueup.service.page.access.site import Listening

TOKEN = "a-token-of-a-test-Kd83Lq"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(slots=True)
class Visitor:
    """Asks, and keeps the cookie.

    Attributes:
        origin: of the page.
        cookie: as a browser sends it.
    """

    origin: str
    cookie: str = ""
    csrf: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        """Opens a page."""
        answer = self._ask("GET", path, headers)
        if (found := re.search(r'name="csrf" value="([^"]+)"', answer.text)) is not None:
            self.csrf = found[1]
        return answer

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """Sends a form as the page itself does; headers may say otherwise."""
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        return self._ask("POST", path, {**form, **headers}, urlencode(fields))

    def log_in(self, token: str, **headers: str) -> Answer:
        """Logs in, and keeps the session."""
        answer = self.post("/log-in", {"token": token}, **headers)
        self.cookie = answer.headers.get("set-cookie", "").partition(";")[0]
        return answer

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: str | None = None
    ) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if self.cookie:
            sent["Cookie"] = self.cookie
        connection = HTTPConnection(urlsplit(self.origin).netloc, timeout=20)
        connection.request(method, path, body=body, headers=sent)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, found, response.read().decode())
        connection.close()
        return answer


@contextmanager
def page_of(url: str) -> Iterator[Visitor]:
    """A visitor of the page of a database."""
    said: list[str] = []
    with page_served(url, Listening("127.0.0.1", 0), TOKEN, said.append) as origin:
        yield Visitor(origin)
    assert said == []
