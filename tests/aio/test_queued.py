"""Calls that wait for their turn: bounded, in order, and those that were dropped are counted."""

from threading import Event

from trueup.aio.queued import Queued

PATIENCE_S = 60.0


def test_they_are_made_in_order_and_the_thread_ends_with_them() -> None:
    queued, made = Queued("test-queued"), list[int]()
    for number in range(1000):
        queued.put(lambda number=number: made.append(number))  # type: ignore[misc] # a default
    assert queued.drain(PATIENCE_S)
    assert made == list(range(1000))
    queued.put(lambda: made.append(-1))
    assert queued.drain(PATIENCE_S)
    assert made[-1] == -1


def test_what_there_is_no_room_for_is_dropped_and_counted_where_it_was() -> None:
    queued, goes_on, made = Queued("test-queued", most=3), Event(), list[object]()

    def put(number: int) -> None:
        queued.put(lambda: made.append(number), lambda count: made.append(f"{count} dropped"))

    queued.put(lambda: goes_on.wait(PATIENCE_S))
    for number in range(10):
        put(number)
    queued.put(lambda: made.append("never dropped"))
    put(10)
    assert not queued.drain(0)
    goes_on.set()
    assert queued.drain(PATIENCE_S)
    put(11)
    assert queued.drain(PATIENCE_S)
    assert made == [0, 1, "8 dropped", "never dropped", "1 dropped", 11]


def test_one_that_leaves_ends_nothing() -> None:
    queued, made = Queued("test-queued"), list[bool]()

    def leave() -> None:
        raise SystemExit

    queued.put(leave)
    queued.put(lambda: made.append(queued.drain(PATIENCE_S)))
    assert queued.drain(PATIENCE_S)
    assert made == [False]
