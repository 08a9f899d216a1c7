"""Many fibers, and a server that breaks every fourth answer: none is sent twice, none mixed up."""

import asyncio
import json
from collections import Counter
from functools import partial
from itertools import count
from random import Random

import pytest

from trueup.adapters.bybit.rest.connection import Connection
from trueup.adapters.bybit.wire.endpoints import Endpoint
from trueup.aio.fibers import run_fiber
from trueup.domain.model.outcomes import Effect

from ..loopback import batch
from .raw_server import Peer, RawServer
from .ways import connection, effect, framed

FIBERS, EACH = 24, 8


def _link_id(request: bytes) -> str:
    body = json.loads(request.partition(b"\r\n\r\n")[2])
    link_id: str = body["request"][0]["orderLinkId"]
    return link_id


def _unreliable(random: Random, peer: Peer) -> None:
    while True:
        link_id = _link_id(peer.request())
        whole = framed(json.dumps(batch(("o-1", link_id, 0, "OK"))).encode())
        match random.randrange(12):
            case 0:
                return
            case 1:
                peer.send(whole[: random.randrange(len(whole))])
                return
            case 2:
                peer.send(whole)
                return
            case 3:
                peer.send(whole + whole)
            case _:
                at = random.randrange(len(whole))
                peer.send(whole[:at], whole[at:])


def _ask(made: Connection, link_id: str) -> tuple[str, Effect | None, bool]:
    order = {"symbol": "BTCUSDT", "orderLinkId": link_id}
    answer = made.ask(Endpoint.CANCEL, {"category": "linear", "request": [order]})
    return link_id, effect(answer), link_id in repr(answer.reply)


@pytest.mark.parametrize("certificate", ["", "right"])
def test_a_storm(certificate: str) -> None:
    numbers = count()

    def script(peer: Peer) -> None:
        _unreliable(Random(next(numbers)), peer)  # noqa: S311 - no secret

    def several(made: Connection, fiber: int) -> list[tuple[str, Effect | None, bool]]:
        return [_ask(made, f"link-{fiber}-{each}") for each in range(EACH)]

    async def all_of_them(made: Connection) -> list[list[tuple[str, Effect | None, bool]]]:
        try:
            work = (run_fiber(partial(several, made, fiber)) for fiber in range(FIBERS))
            return await asyncio.gather(*work)
        finally:
            made.close()
            await asyncio.sleep(0)

    with RawServer(script, certificate=certificate) as server, connection(server.url) as made:
        asked = [each for some in asyncio.run(all_of_them(made)) for each in some]

    arrived = Counter(_link_id(request) for request in server.received)
    answered = [(link_id, is_mine) for link_id, fate, is_mine in asked if fate is None]
    assert max(arrived.values()) == 1
    assert all(is_mine for _, is_mine in answered)
    assert {link_id for link_id, _ in answered} <= set(arrived)
    assert {fate for _, fate, _ in asked} == {None, Effect.UNKNOWN}
    assert len(answered) > FIBERS * EACH / 2
