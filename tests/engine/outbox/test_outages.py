"""What sinks are told of an outage: of its end, where they refuse its beginning for good."""

from datetime import timedelta

import pytest

from trueup.domain.model.alert import Alert
from trueup.domain.model.record import RunOutcome
from trueup.storage import SqlStore

from .hand import NOON, PATIENCE, Chat, HandClock, key, outbox_of


def outage(text: str, about: str = "the database") -> Alert:
    status = RunOutcome.SUCCESS if "back" in text else RunOutcome.FAILED
    return Alert("", key("AUSDT"), status, text, NOON, about=about)


@pytest.mark.parametrize(
    ("texts", "taken"),
    [
        (("away 1", "back 1"), ["back 1"]),
        (("away 1", "back 1", "away 2"), ["back 1", "away 2"]),
        (("away 1", "full 1", "back 1", "away 2", "back 2"), ["back 2"]),
    ],
)
def test_a_beginning_that_a_sink_refuses_for_good_does_not_come_after_its_end(
    store: SqlStore, clock: HandClock, texts: tuple[str, ...], taken: list[str]
) -> None:
    """Whoever gets it then takes it for another outage, which nothing ends."""
    chat = Chat("chat", lambda _alert: True)
    outbox = outbox_of(store, [chat], clock)
    for text in texts:
        outbox.send_directly(outage(text, "the disk" if "full" in text else "the database"))
    outbox.settle(PATIENCE)
    chat.refuses = lambda alert: alert.text in ("away 1", "full 1")
    for _ in range(8):
        clock.sleep(timedelta(minutes=1))
        outbox.settle(PATIENCE)
    assert chat.taken == taken
    chat.refuses = lambda _alert: False
    clock.sleep(timedelta(minutes=10))
    outbox.settle(PATIENCE)
    assert chat.taken == taken + [text for text in texts if "full" in text]
    outbox.close()
