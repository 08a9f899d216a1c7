"""The topics of the private stream: all-in-one and by category (docs/v5/websocket/private)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .frames import Sendable


class Topic(StrEnum):
    """A topic that a client can subscribe; the value is its all-in-one name."""

    ORDER = "order"
    EXECUTION = "execution"
    FAST_EXECUTION = "execution.fast"
    POSITION = "position"
    WALLET = "wallet"
    DCP = "dcp.future"
    """No messages; who subscribes it is protected (`protection`)."""


CATEGORY = "linear"
"""The only category that the simulator sends messages for."""

_DERIVATIVES = frozenset({"linear", "inverse", "option"})
_CATEGORIES: Mapping[Topic, frozenset[str]] = {
    Topic.ORDER: _DERIVATIVES | {"spot"},
    Topic.EXECUTION: _DERIVATIVES | {"spot"},
    Topic.FAST_EXECUTION: _DERIVATIVES | {"spot"},
    Topic.POSITION: _DERIVATIVES,
    Topic.WALLET: frozenset(),
    Topic.DCP: frozenset(),
}


@dataclass(frozen=True, slots=True)
class SubscribedTopic:
    """A topic in the form in which a client subscribed it.

    Attributes:
        topic: what it is about.
        category: the category, or "" for the all-in-one form.
    """

    topic: Topic
    category: str = ""

    @property
    def name(self) -> str:
        """The name that its messages carry: the one that the client subscribed."""
        return f"{self.topic.value}.{self.category}" if self.category else self.topic.value

    def receives(self, message: Sendable) -> bool:
        """Whether the subscription receives a message: none of another category is sent."""
        return self.topic is message.topic and self.category in {"", CATEGORY}


_NAMED: Mapping[str, SubscribedTopic] = {
    subscribed.name: subscribed
    for topic, categories in _CATEGORIES.items()
    for subscribed in (
        SubscribedTopic(topic),
        *(SubscribedTopic(topic, category) for category in sorted(categories)),
    )
}


class TopicError(ValueError):
    """Bybit refuses the subscription; the error's text is the ret_msg."""


def read_topics(names: object) -> tuple[SubscribedTopic, ...]:
    """Read the topics of a subscription request.

    Raises:
        TopicError: a topic does not exist (the text is that of the public streams; nobody has
            quoted one of a private stream), or one request has topics of both forms, which the
            page of each topic forbids.
    """
    if not isinstance(names, list | tuple) or not names:
        raise TopicError("Params Error")
    unknown = [str(name) for name in names if not isinstance(name, str) or name not in _NAMED]
    if unknown:
        raise TopicError(f"error:handler not found,topic:{unknown[0]}")
    topics = tuple(_NAMED[name] for name in names)
    forms = {each.category == "" for each in topics if _CATEGORIES[each.topic]}
    if len(forms) > 1:
        raise TopicError("Params Error")
    return topics
