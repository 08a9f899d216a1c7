"""Asking Bybit whose a key is, over real HTTP and from Bybit's own sample."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from trueup import Account
from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.adapters.bybit.wire.fields import ShapeError
from trueup.adapters.bybit.wire.keys import parse_key
from trueup.domain.keys.facts import KeyAnswer, KeyFacts, KeyRefused, KeyUnread, NoKeyFacts
from trueup.simulator import Behaviour, Fault, FaultKind, Simulator, SimulatorServer

from ..wire.test_official_samples import SAMPLES

KEY, SECRET = "the-api-key", "the-api-secret"


@pytest.fixture
def server() -> Iterator[SimulatorServer]:
    """An exchange with one account."""
    sim = Simulator(behaviour=Behaviour(rate_limits=False, ip_limit=False))
    sim.add_account(uid="101", api_key=KEY, api_secret=SECRET)
    with SimulatorServer(sim, port=0) as served:
        yield served


def asked(server: SimulatorServer, key: str = KEY, *, asks: bool = True) -> KeyAnswer:
    """What an account of that key is answered; no text of it holds the key or the secret."""
    account = Account("main", key, SECRET, environment=server.url)
    exchange = BybitExchange(account, BybitSettings(asks_key=asks))
    try:
        answer = exchange.key_facts()
    finally:
        exchange.close()
    assert key not in repr((answer, exchange, account))
    assert SECRET not in repr((answer, exchange, account))
    return answer


def test_the_facts_of_a_key(server: SimulatorServer) -> None:
    assert asked(server) == KeyFacts("101", ips=("127.0.0.1",))
    at = datetime(2030, 1, 2, tzinfo=UTC)
    server.sim.add_key(
        uid="101",
        api_key=KEY,
        api_secret=SECRET,
        read_only=True,
        contract_trade=(),
        ips=(),
        expires_ms=int(at.timestamp()) * 1000,
    )
    facts = KeyFacts("101", read_only=True, may_trade=False, expires_at=at)
    assert asked(server) == facts


def test_a_key_that_is_refused_has_the_words_of_the_code_table(server: SimulatorServer) -> None:
    answer = asked(server, "a-key-of-elsewhere")
    assert isinstance(answer, KeyRefused)
    assert answer.code == 10003
    assert "wrong key, or key of another environment" in answer.reason


def test_an_address_that_the_key_is_not_bound_to_is_refused(server: SimulatorServer) -> None:
    server.sim.add_key(uid="101", api_key=KEY, api_secret=SECRET, ips=("10.0.0.1",))
    assert asked(server) == KeyRefused(10010, "IP not on the key's list")


def test_a_host_without_the_endpoint_says_nothing_for_good(server: SimulatorServer) -> None:
    server.sim.behaviour = replace(server.sim.behaviour, key_endpoint=False)
    assert asked(server) == NoKeyFacts()
    before = len(server.sim.requests)
    assert asked(server, asks=False) == NoKeyFacts()
    assert len(server.sim.requests) == before


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.SERVER_ERROR, status=502),
        Fault(kind=FaultKind.REPLY_LOST),
        Fault(kind=FaultKind.RATE_LIMITED),
        Fault(kind=FaultKind.EMPTY_OBJECT),
        Fault(kind=FaultKind.NOT_JSON),
    ],
)
def test_an_endpoint_that_is_away_says_nothing_now(server: SimulatorServer, fault: Fault) -> None:
    server.sim.inject(fault)
    assert isinstance(asked(server), KeyUnread)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no copy of Bybit's samples")
def test_bybits_own_sample() -> None:
    row = json.loads((SAMPLES / "rest-user-query-api.response.json").read_text())["result"]
    facts = parse_key(row)
    assert (facts.uid, facts.read_only, facts.may_trade) == ("1448939", True, True)
    assert (facts.is_supported, len(facts.ips), facts.expires_at) == (True, 3, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("userID", 0),
        ("readOnly", "1"),
        ("permissions", None),
        ("ips", "10.0.0.1"),
        ("expiredAt", "soon"),
    ],
)
def test_a_reply_of_another_shape_is_not_guessed_at(field: str, value: object) -> None:
    row: dict[str, object] = {
        "userID": 7,
        "userIDInt64": "0",
        "readOnly": 0,
        "permissions": {"ContractTrade": ["Order", "Position"]},
        "ips": ["*"],
        "expiredAt": "",
        "uta": 1,
    }
    assert parse_key(row) == KeyFacts("7")
    assert parse_key(row | {"userID": 0, "userIDInt64": "9000000000000000000"}).uid[0] == "9"
    with pytest.raises(ShapeError, match=field):
        parse_key(row | {field: value})
