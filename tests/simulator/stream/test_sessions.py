"""The frames of a client and their replies, without a socket."""

import json

import pytest

from trueup.simulator import Json, Session, Simulator, StreamFault, StreamFaultKind, stream_auth

from ..caller import SYMBOL, WALL_MS, Caller

KEYS = ("key-101", "secret-101")


class Peer:
    """The client's end of a session."""

    def __init__(self, sim: Simulator) -> None:
        self.received: list[Json] = []
        self.cuts: list[int | None] = []
        self.frozen = False
        self.session: Session = sim.open_stream(self)

    def send(self, message: Json) -> None:
        """Receive a message."""
        self.received.append(message)

    def cut(self, code: int | None) -> None:
        """Receive the end."""
        self.cuts.append(code)

    def freeze(self) -> None:
        """Become half-open."""
        self.frozen = True

    def ask(self, frame: object) -> Json:
        """Send a frame and return its reply; an empty one if there is none."""
        self.received.clear()
        self.session.receive(frame if isinstance(frame, str) else json.dumps(frame))
        return self.received[-1] if self.received else {}

    def enter(self, *topics: str) -> None:
        """Authenticate and subscribe."""
        assert self.ask(stream_auth(*KEYS, WALL_MS + 1000))["success"]
        assert self.ask({"op": "subscribe", "args": list(topics)})["success"]


@pytest.fixture
def peer(sim: Simulator) -> Peer:
    """A connection that has not authenticated."""
    return Peer(sim)


def test_the_replies_have_the_pages_fields(peer: Peer) -> None:
    auth = peer.ask({"req_id": "10001", **stream_auth(*KEYS, WALL_MS + 1)})
    conn_id = auth.pop("conn_id")
    assert auth == {"req_id": "10001", "success": True, "ret_msg": "", "op": "auth"}
    subscribed = {"success": True, "ret_msg": "", "op": "subscribe", "conn_id": conn_id}
    assert peer.ask({"op": "subscribe", "args": ["order", "wallet"]}) == subscribed
    again = peer.ask({"op": "subscribe", "req_id": "r", "args": ["order"]})
    assert again == {"req_id": "r", **subscribed}
    pong = peer.ask({"op": "ping", "req_id": "test"})
    assert pong == {
        "req_id": "test",
        "op": "pong",
        "args": ["1737809937000"],
        "conn_id": conn_id,
    }
    assert "req_id" not in peer.ask({"op": "ping"})


@pytest.mark.parametrize(
    "args",
    [
        stream_auth(*KEYS, WALL_MS)["args"],
        stream_auth("key-101", "wrong", WALL_MS + 1000)["args"],
        stream_auth("nobody", "secret-101", WALL_MS + 1000)["args"],
        ["key-101", WALL_MS + 1000, "señal"],
        ["key-101", "soon", "0"],
        ["key-101"],
        None,
    ],
)
def test_an_auth_that_fails(sim: Simulator, peer: Peer, args: object) -> None:
    reply = peer.ask({"op": "auth", "args": args})
    assert (reply["success"], reply["ret_msg"], reply["op"]) == (False, "Params Error", "auth")
    assert peer.cuts == [], "it may try again"
    assert [state.uid for state in sim.streams] == [""]
    late = peer.ask({"op": "subscribe", "args": ["order"]})
    assert (late["success"], late["ret_msg"]) == (False, "error:topic:order needs auth first")


def test_a_connection_belongs_to_one_account(peer: Peer) -> None:
    peer.enter("order")
    assert peer.ask(stream_auth(*KEYS, WALL_MS + 1000))["success"]
    assert not peer.ask(stream_auth("key-202", "secret-202", WALL_MS + 1000))["success"]


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (["order", "nonsense"], "error:handler not found,topic:nonsense"),
        (["order.linear", "position"], "Params Error"),
        ([], "Params Error"),
        ("order", "Params Error"),
        ([1], "error:handler not found,topic:1"),
    ],
)
def test_a_subscription_that_fails(sim: Simulator, peer: Peer, args: object, text: str) -> None:
    peer.enter("position")
    for operation in ("subscribe", "unsubscribe"):
        reply = peer.ask({"op": operation, "req_id": "r", "args": args})
        assert (reply["success"], reply["ret_msg"], reply["req_id"]) == (False, text, "r")
    assert [state.topics for state in sim.streams] == [("position",)]


def test_both_forms_in_requests_of_their_own(sim: Simulator, peer: Peer, caller: Caller) -> None:
    peer.enter("order")
    assert peer.ask({"op": "subscribe", "args": ["order.linear", "wallet"]})["success"]
    peer.received.clear()
    caller.limit("50", "0.75")
    assert [message["topic"] for message in peer.received] == ["order", "order.linear"]
    assert peer.ask({"op": "unsubscribe", "args": ["order"]})["success"]
    assert [state.topics for state in sim.streams] == [("order.linear", "wallet")]


@pytest.mark.parametrize("frame", ["", "no json", "[1]", '{"op": "nonsense"}', "{}"])
def test_frames_that_make_no_sense(peer: Peer, frame: str) -> None:
    reply = peer.ask(frame)
    assert (reply["success"], reply["ret_msg"]) == (False, "error:invalid op")


def test_auth_that_is_made_to_fail_with_and_without_a_close(sim: Simulator, peer: Peer) -> None:
    kind = StreamFaultKind.AUTH_FAILED
    sim.inject(
        StreamFault(kind=kind, uid="101", text="Request expired"),
        StreamFault(kind=kind, uid="101", skip=1, code=1008),
    )
    assert peer.ask(stream_auth(*KEYS, WALL_MS + 1000))["ret_msg"] == "Request expired"
    assert peer.cuts == []
    assert peer.ask(stream_auth(*KEYS, WALL_MS + 1000))["ret_msg"] == "Params Error"
    assert peer.cuts == [1008]
    assert peer.ask({"op": "ping"}) == {}, "it is gone"


def test_a_subscription_that_is_made_to_fail(sim: Simulator, peer: Peer) -> None:
    peer.enter("position")
    sim.inject(StreamFault(kind=StreamFaultKind.SUBSCRIBE_FAILED, topic="order"))
    assert peer.ask({"op": "subscribe", "args": ["execution"]})["success"]
    reply = peer.ask({"op": "subscribe", "req_id": "r", "args": ["order"]})
    assert (reply["success"], reply["ret_msg"]) == (False, "error:handler not found")
    assert peer.ask({"op": "subscribe", "args": ["order"]})["success"]


def test_a_half_open_session_answers_nothing(sim: Simulator, peer: Peer, caller: Caller) -> None:
    peer.enter("order")
    sim.inject(StreamFault(kind=StreamFaultKind.HALF_OPEN))
    assert peer.frozen
    caller.limit("50", "0.75")
    assert peer.ask({"op": "ping"}) == {}
    assert (peer.received, peer.cuts) == ([], [])


def test_a_silent_session_answers_pings(sim: Simulator, peer: Peer, caller: Caller) -> None:
    peer.enter("order")
    sim.inject(StreamFault(kind=StreamFaultKind.SILENCE, times=None))
    caller.limit("50", "0.75", symbol=SYMBOL)
    assert peer.ask({"op": "ping"})["op"] == "pong"


def test_a_closed_session_is_removed(sim: Simulator, peer: Peer, caller: Caller) -> None:
    peer.enter("order")
    peer.session.close()
    caller.limit("50", "0.75")
    assert (peer.ask({"op": "ping"}), peer.received, sim.streams) == ({}, [], ())
