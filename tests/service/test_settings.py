"""Where a service may listen, and with which token."""

import pytest

from trueup import ConfigurationError
from trueup.service.settings import Address, ServiceSettings


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("127.0.0.1:8710", "127.0.0.1:8710"),
        ("localhost:8710", "127.0.0.1:8710"),
        ("127.8.0.1:0", "127.8.0.1:0"),
        ("[::1]:8710", "[::1]:8710"),
    ],
)
def test_an_address_on_loopback(text: str, shown: str) -> None:
    assert str(Address.of(text)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0:8710",
        "192.168.1.4:8710",
        "[::]:8710",
        "example.com:8710",
        "8710",
        ":8710",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:-1",
        "127.0.0.1:65536",
        "127.0.0.1:http",
    ],
)
def test_any_other_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="no address on loopback"):
        Address.of(text)


@pytest.mark.parametrize(
    "token", ["", "short", "with a space in it, long", "Ä" * 20, "a" * 20 + "\n"]
)
def test_a_port_needs_a_token_that_nobody_guesses(token: str) -> None:
    with pytest.raises(ConfigurationError, match="at least 16 characters"):
        ServiceSettings(listen=Address("127.0.0.1", 0), token=token)
