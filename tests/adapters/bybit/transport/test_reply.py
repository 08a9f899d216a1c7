"""What pybit asks of a reply."""

from datetime import timedelta

import pytest
from requests.exceptions import JSONDecodeError

from trueup.adapters.bybit.transport.lean_reply import LeanReply

PAIRS = [(b"X-Bapi-Limit", b"10"), (b"Via", b"1.1 a"), (b"via", b"1.1 b")]


def test_headers_are_found_in_any_case_and_joined() -> None:
    headers = LeanReply("", 200, PAIRS, b"", 0).headers

    assert headers.get("x-bapi-limit") == "10"
    assert headers["VIA"] == "1.1 a, 1.1 b"
    assert headers.get("Timenow") is None
    assert dict(headers) == {"x-bapi-limit": "10", "via": "1.1 a, 1.1 b"}
    assert len(headers) == 2


def test_what_is_no_json_is_the_error_that_pybit_expects() -> None:
    reply = LeanReply("https://api.example", 200, PAIRS, b"\xffno", 0.25)

    assert reply.text == "\ufffdno"
    assert reply.elapsed == timedelta(milliseconds=250)
    with pytest.raises(JSONDecodeError):
        reply.json()
