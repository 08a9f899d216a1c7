"""The topics of the private stream, in both of their forms (docs/v5/websocket/private)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What can be subscribed; its value is the all-in-one form."""

    ORDER = "order"
    EXECUTION = "execution"
    FAST_EXECUTION = "execution.fast"
    POSITION = "position"
    WALLET = "wallet"


CATEGORY = "linear"
"""The only category of which there ever is a message."""

_DERIVATIVES = frozenset({"linear", "inverse", "option"})
_CATEGORIES: Mapping[Topic, frozenset[str]] = {
    Topic.ORDER: _DERIVATIVES | {"spot"},
    Topic.EXECUTION: _DERIVATIVES | {"spot"},
    Topic.FAST_EXECUTION: _DERIVATIVES | {"spot"},
    Topic.POSITION: _DERIVATIVES,
    Topic.WALLET: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A topic as it was asked for.

    Attributes:
        category: "" for the all-in-one form.
    """

    topic: Topic
    category: str = ""

    @property
    def name(self) -> str:
        """The name that its messages carry: the one that was asked for."""
        return f"{self.topic.value}.{self.category}" if self.category else self.topic.value

    def takes(self, topic: Topic) -> bool:
        """Whether messages of a topic go under it."""
        return self.topic is topic and self.category in {"", CATEGORY}


_NAMED: Mapping[str, Subscribed] = {
    asked.name: asked
    for topic, categories in _CATEGORIES.items()
    for asked in (Subscribed(topic), *(Subscribed(topic, each) for each in sorted(categories)))
}


class TopicError(ValueError):
    """A subscription that Bybit refuses; its text is the ret_msg."""


def read_topics(names: object) -> tuple[Subscribed, ...]:
    """The topics that a subscription asks for.

    Raises:
        TopicError: for a topic that does not exist (the text is that of the public streams, no
            private one was ever quoted), and for both forms in one request, which the page of
            each topic forbids.
    """
    if not isinstance(names, list | tuple) or not names:
        raise TopicError("Params Error")
    unknown = [str(name) for name in names if not isinstance(name, str) or name not in _NAMED]
    if unknown:
        raise TopicError(f"error:handler not found,topic:{unknown[0]}")
    asked = tuple(_NAMED[name] for name in names)
    if len({each.category == "" for each in asked if each.topic is not Topic.WALLET}) > 1:
        raise TopicError("Params Error")
    return asked
