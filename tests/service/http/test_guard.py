"""Who may ask: on loopback whoever has the token; a page in a browser nowhere."""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from trueup.service.settings import Address, ServiceSettings

from ..asking import TOKEN, OverUnix, ask, served

GIVEN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[Address]:
    """A port that is served, beside the socket ``a.sock``."""
    settings = ServiceSettings(tmp_path / "a.sock", Address("127.0.0.1", 0), TOKEN)
    with served(settings) as (server, said):
        assert server.address is not None
        assert not said
        yield server.address


def over_tcp(address: Address) -> HTTPConnection:
    return HTTPConnection(address.host, address.port, timeout=20)


def test_with_the_token_it_answers(address: Address) -> None:
    status, document = ask(over_tcp(address), "/v1/version", GIVEN)
    assert (status, set(document)) == (200, {"trueup", "process"})


def test_by_the_name_of_localhost_too(address: Address) -> None:
    headers = {**GIVEN, "Host": f"localhost:{address.port}"}
    assert ask(over_tcp(address), "/v1/version", headers)[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": "Bearer Ä"},
    ],
)
def test_without_the_token_nothing_is_told(address: Address, headers: dict[str, str]) -> None:
    for path in ("/v1/version", "/v1/none"):
        status, document = ask(over_tcp(address), path, headers)
        assert (status, document["error"]["kind"]) == (401, "Refused")
        assert TOKEN not in document["error"]["message"]


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1", "localhost", ""])
def test_a_name_that_was_made_to_lead_here_is_refused(address: Address, host: str) -> None:
    status, document = ask(over_tcp(address), "/v1/version", {**GIVEN, "Host": host})
    assert status == 403
    assert document["error"]["message"].endswith("and it was asked for by another name")


def test_a_page_in_a_browser_may_ask_nothing(address: Address, tmp_path: Path) -> None:
    origin = {"Origin": f"http://{address}"}
    for connection in (over_tcp(address), OverUnix(tmp_path / "a.sock")):
        assert ask(connection, "/v1/version", {**GIVEN, **origin})[0] == 403


def test_the_socket_asks_for_no_token(address: Address, tmp_path: Path) -> None:
    assert address.port
    assert ask(OverUnix(tmp_path / "a.sock"), "/v1/version")[0] == 200
