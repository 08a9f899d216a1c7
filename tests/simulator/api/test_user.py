"""user/query-api, and what a key may not do."""

import json
from dataclasses import replace
from typing import Any

import pytest

from trueup.simulator import Request, Simulator, sign

from ..caller import SYMBOL, WALL_MS, Caller

DAY_MS = 86_400_000


def query(caller: Caller, client: str = "127.0.0.1") -> dict[str, Any]:
    """What the caller's key is said to be."""
    request = Request("GET", "/v5/user/query-api", client=client)
    loaded: dict[str, Any] = json.loads(caller.reply(request).body)
    return loaded


def test_it_shows_whose_the_key_is_and_never_its_secret(caller: Caller) -> None:
    answer = query(caller)
    assert (answer["retCode"], answer["result"]["userID"]) == (0, 101)
    assert answer["result"]["permissions"]["ContractTrade"] == ["Order", "Position"]
    assert (answer["result"]["readOnly"], answer["result"]["uta"]) == (0, 1)
    assert answer["result"]["ips"] == ["127.0.0.1"]
    assert (answer["result"]["deadlineDay"], answer["result"]["secret"]) == (-2, "")
    assert caller.secret not in json.dumps(answer)


def test_two_keys_may_belong_to_one_uid(sim: Simulator, caller: Caller) -> None:
    sim.add_key(uid="101", api_key="second", api_secret="its-secret", ips=(), read_only=True)
    second = Caller(sim)
    second.key, second.secret = "second", "its-secret"
    first, other = query(caller)["result"], query(second)["result"]
    assert first["userID"] == other["userID"]
    assert (first["readOnly"], other["readOnly"], other["ips"]) == (0, 1, ["*"])
    with pytest.raises(ValueError, match="belongs to account 101"):
        sim.add_key(uid="202", api_key="second", api_secret="its-secret")


def test_a_key_that_expires_says_when_and_then_is_refused(sim: Simulator, caller: Caller) -> None:
    sim.add_key(
        uid="101",
        api_key=caller.key,
        api_secret=caller.secret,
        ips=(),
        expires_ms=WALL_MS + 10 * DAY_MS + 5,
    )
    answer = query(caller)["result"]
    assert (answer["deadlineDay"], answer["expiredAt"]) == (10, "2026-11-28T11:06:40Z")
    sim.wall_skew_ms = 11 * DAY_MS
    later = Request("GET", "/v5/user/query-api")
    later = sign(later, caller.key, caller.secret, WALL_MS + 11 * DAY_MS)
    assert json.loads(sim.handle(later).body)["retCode"] == 33004


@pytest.mark.parametrize(
    "facts", [{"read_only": True}, {"contract_trade": ("Position",)}, {"contract_trade": ()}]
)
def test_a_key_without_the_permission_may_read_and_not_trade(
    sim: Simulator, caller: Caller, facts: dict[str, Any]
) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    sim.add_key(uid="101", api_key=caller.key, api_secret=caller.secret, **facts)
    assert caller.take_profit("10", "0.8")["retCode"] == 10005
    assert caller.get("position/list", symbol=SYMBOL)["retCode"] == 0
    assert sim.orders("101") == ()


def test_a_key_is_refused_from_an_address_that_it_is_not_bound_to(caller: Caller) -> None:
    assert query(caller, client="10.0.0.9")["retCode"] == 10010


def test_an_environment_may_lack_the_endpoint(sim: Simulator, caller: Caller) -> None:
    sim.behaviour = replace(sim.behaviour, key_endpoint=False)
    reply = caller.reply(Request("GET", "/v5/user/query-api"))
    assert (reply.status, json.loads(reply.body)["retCode"]) == (404, 10017)


def test_a_classic_account_says_so(sim: Simulator) -> None:
    sim.add_account(uid="303", api_key="key-303", api_secret="secret-303", unified=False)
    assert query(Caller(sim, "303"))["result"]["uta"] == 0
