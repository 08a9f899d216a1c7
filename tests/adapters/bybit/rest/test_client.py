"""How pybit is set up, and what every way for a call to fail means."""

import json
import logging
from datetime import timedelta

import pytest

from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.adapters.bybit.rest.connection import Connection
from trueup.domain.model.commands import CancelOrder
from trueup.domain.model.errors import ConfigurationError
from trueup.domain.model.observation import Unknown
from trueup.domain.model.outcomes import OutcomeClass, Refused, Unsure, WriteOutcome

from ..conftest import KEY, SECRET, SHORT, Connect, account
from ..loopback import (
    HANG_UP,
    NO_ANSWER,
    Answer,
    Loopback,
    as_json,
    batch,
    closed_port,
    ok,
    page,
    refusal,
)

CANCEL = CancelOrder("BTCUSDT", "o-1", "link-1")


def _cancel(exchange: BybitExchange) -> WriteOutcome:
    (outcome,) = exchange.cancel([CANCEL])
    return outcome


@pytest.mark.parametrize(
    ("environment", "host"),
    [
        ("mainnet", "https://api.bybit.com"),
        ("testnet", "https://api-testnet.bybit.com"),
        ("demo", "https://api-demo.bybit.com"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
    ],
)
def test_hosts(environment: str, host: str) -> None:
    assert Connection(account(environment), SHORT).endpoint == host


def test_the_hosts_logging_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    own = logging.NullHandler()
    logger = logging.getLogger("pybit._http_manager")
    monkeypatch.setattr(logger, "handlers", [own])

    BybitExchange(account("mainnet")).close()

    assert logger.handlers == [own]
    assert logging.root.handlers == []


def test_a_request_is_signed_and_in_its_window(server: Loopback, exchange: BybitExchange) -> None:
    server.script(batch(("o-1", "link-1", 0, "OK")))

    _cancel(exchange)

    headers = server.received[0].headers
    assert headers["X-BAPI-API-KEY"] == KEY
    assert headers["X-BAPI-RECV-WINDOW"] == "5000"
    assert len(headers["X-BAPI-SIGN"]) == 64


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refusal(10006, "Too many visits"), (OutcomeClass.RATE_LIMIT, 10006)),
        (refusal(10002, "invalid request, req_timestamp[1]"), (OutcomeClass.TIMESTAMP, 10002)),
        (refusal(-1, "request expired: o@0"), (OutcomeClass.TIMESTAMP, -1)),
        (refusal(30034, "pybit would try again"), (None, 30034)),
        (refusal(10003, "API key is invalid."), (OutcomeClass.AUTH, 10003)),
        (refusal(10001, "order not modified"), (OutcomeClass.NOTHING_CHANGED, 10001)),
        (refusal(10001, "params error"), (OutcomeClass.VALUES, 10001)),
        (refusal(110072, "OrderLinkedID is duplicate"), (OutcomeClass.DUPLICATE_LINK_ID, 110072)),
        (refusal(10000, "Server Timeout"), (None, 10000)),
        (refusal(10016, "Server error."), (None, 10016)),
        (refusal(987654, "never heard of"), (None, 987654)),
        (as_json({}, 400), (OutcomeClass.INVALID, 400)),
        (as_json({}, 401), (OutcomeClass.AUTH, 401)),
        (as_json({}, 403), (OutcomeClass.RATE_LIMIT, 403)),
        (as_json({}, 404), (OutcomeClass.INVALID, 404)),
        (as_json({}, 429), (None, 429)),
        (as_json({}, 500), (None, 500)),
        (as_json({}, 502), (None, 502)),
        (Answer(b""), (None, 409)),
        (Answer(b"<html>gateway</html>"), (None, 409)),
        (as_json({}), (None, None)),
        (as_json([]), (None, None)),
        (as_json(None), (None, None)),
        (as_json("OK"), (None, None)),
        (as_json({"retCode": 110001}), (None, None)),
        (as_json({"retCode": "10006", "retMsg": "text"}), (None, None)),
        (as_json({"retCode": None, "result": {}, "time": 1}), (None, None)),
        (as_json({"retCode": False, "result": {}, "time": 1}), (None, None)),
        (as_json({"ret_code": 0, "result": {}, "time": 1}), (None, None)),
        (as_json({"retCode": 0, "retMsg": "OK", "time": 1}), (None, None)),
        (as_json({"retCode": 0, "retMsg": "OK", "result": [], "time": 1}), (None, None)),
        (ok({}), (None, None)),
        (Answer(b'{"retCode": ' + b"9" * 5000 + b"}"), (None, None)),
        (Answer(b"[" * 100_000), (None, None)),
        (Answer(b'{"retCode": 0', missing=50), (None, None)),
        (HANG_UP, (None, None)),
        (NO_ANSWER, (None, None)),
    ],
)
def test_one_request_one_outcome(
    server: Loopback,
    exchange: BybitExchange,
    answer: object,
    outcome: tuple[OutcomeClass | None, int | None],
) -> None:
    server.script(answer)

    got = _cancel(exchange)

    kind, code = outcome
    if kind is None:
        assert isinstance(got, Unsure)
        assert got.reason
        assert got.code == code
    else:
        assert isinstance(got, Refused)
        assert (got.kind, got.code) == (kind, code)
    assert server.paths == ["/v5/order/cancel-batch"]


@pytest.mark.parametrize("reset", ["", "0", "99999999999999"])
def test_a_rate_limit_neither_sleeps_nor_crashes(
    server: Loopback, exchange: BybitExchange, reset: str
) -> None:
    headers = {"X-Bapi-Limit-Reset-Timestamp": reset} if reset else {}
    body = json.dumps(refusal(10006, "Too many visits. Exceeded the API Rate Limit."))
    server.script(Answer(body.encode(), headers=headers))

    assert _cancel(exchange) == Refused(
        OutcomeClass.RATE_LIMIT, 10006, "Too many visits. Exceeded the API Rate Limit."
    )


def test_nobody_listens(connect: Connect) -> None:
    outcome = _cancel(connect(f"http://127.0.0.1:{closed_port()}"))

    assert isinstance(outcome, Refused)
    assert (outcome.kind, outcome.code) == (OutcomeClass.TRANSIENT, 0)
    assert "not sent" in outcome.message


def test_a_key_that_cannot_be_a_header(server: Loopback) -> None:
    broken = account(server.url)
    object.__setattr__(broken, "api_key", "key\nwith a line break")
    exchange = BybitExchange(broken, SHORT)

    outcome = _cancel(exchange)

    assert isinstance(outcome, Refused)
    assert outcome.kind is OutcomeClass.INVALID
    assert "line break" not in outcome.message
    assert server.received == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(server: Loopback, exchange: BybitExchange, status: int) -> None:
    elsewhere = {"Location": f"{server.url}/v5/order/create-batch"}
    server.script(Answer(b"{}", status, headers=elsewhere), batch(("o-1", "link-1", 0, "OK")))

    assert isinstance(_cancel(exchange), Unsure)
    assert server.paths == ["/v5/order/cancel-batch"]


@pytest.mark.parametrize(
    "answer",
    [
        refusal(10004, f"error sign! origin_string[1700000000000{KEY}5000{{}}] {SECRET}"),
        refusal(10003, "x" * 290 + SECRET),
        batch(("", "", 110001, f"gone, {KEY} {SECRET}")),
        batch(("o-1", "link-1", 10000, f"timeout, {KEY} {SECRET}")),
        ok({"list": [{"orderId": "o-1", "orderLinkId": 1}]}, {"list": [{"code": SECRET}]}),
        ok({"list": [{"orderId": "o-1", "orderLinkId": 1}]}, {"list": [{"code": 0, "msg": {}}]}),
        Answer(SECRET.encode(), 500),
        Answer(SECRET.encode()),
        HANG_UP,
        NO_ANSWER,
    ],
)
def test_no_outcome_shows_a_secret(
    server: Loopback, exchange: BybitExchange, answer: object
) -> None:
    server.script(answer)

    shown = repr(_cancel(exchange))

    assert KEY not in shown
    assert SECRET not in shown
    assert SECRET[:12] not in shown


def test_no_reading_shows_a_secret(server: Loopback, exchange: BybitExchange) -> None:
    row = {"symbol": "BTCUSDT", "positionIdx": 0, "size": SECRET}
    server.script(page(), page(row))

    reading = exchange.observe(["BTCUSDT"])

    assert isinstance(reading, Unknown)
    assert "size" in reading.reason
    assert SECRET not in repr(reading)


def test_the_exchange_shows_no_secret(exchange: BybitExchange) -> None:
    shown = repr(exchange) + str(exchange) + repr(account("demo"))

    assert KEY not in shown
    assert SECRET not in shown


@pytest.mark.parametrize(
    "settings",
    [
        {"batch_size": 21},
        {"batch_size": 0},
        {"order_page": 51},
        {"position_page": 201},
        {"execution_page": 101},
        {"read_timeout": timedelta(0)},
        {"max_pages": 0},
    ],
)
def test_settings_that_bybit_would_refuse(settings: dict[str, int]) -> None:
    with pytest.raises(ConfigurationError):
        BybitSettings(**settings)  # type: ignore[arg-type]  # one of several fields
