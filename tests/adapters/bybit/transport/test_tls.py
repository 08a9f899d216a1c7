"""What TLS refuses was not sent."""

from dataclasses import replace

import pytest

from trueup.adapters.bybit.rest.failures import Failure
from trueup.domain.model.outcomes import Effect, OutcomeClass

from .raw_server import Peer, RawServer
from .ways import BODY, FIBER, PATIENT, Way, effect, framed

UNTRUSTING = replace(PATIENT, ca_bundle="")


def _answer(peer: Peer) -> None:
    peer.answer(framed(BODY))


@pytest.mark.parametrize("certificate", ["elsewhere", "expired"])
def test_a_certificate_that_is_wrong(way: Way, certificate: str) -> None:
    with (
        RawServer(_answer, certificate=certificate) as server,
        way.connected(server.url) as send,
    ):
        reply = send().reply

    assert isinstance(reply, Failure)
    assert (reply.kind, reply.effect) == (OutcomeClass.TRANSIENT, Effect.REJECTED)
    assert reply.message == "no connection, not sent (SSLError)"
    assert server.received == []


def test_a_certificate_of_an_unknown_authority(way: Way) -> None:
    with (
        RawServer(_answer, certificate="right") as server,
        way.connected(server.url, UNTRUSTING) as send,
    ):
        assert effect(send()) is Effect.REJECTED

    assert server.received == []


def test_a_server_that_speaks_no_tls(way: Way) -> None:
    """Only the lean transport can say that nothing was sent."""
    with (
        RawServer(lambda peer: peer.send(framed(BODY))) as server,
        way.connected(server.url.replace("http:", "https:")) as send,
    ):
        assert effect(send()) is (Effect.REJECTED if way is FIBER else Effect.UNKNOWN)


def test_a_file_of_authorities_that_is_missing_sends_nothing() -> None:
    nobody = replace(PATIENT, ca_bundle="/nowhere/ca.pem")
    with (
        RawServer(_answer, certificate="right") as server,
        FIBER.connected(server.url, nobody) as send,
    ):
        assert effect(send()) is Effect.REJECTED
