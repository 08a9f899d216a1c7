"""What connections carry: JSON objects, messages, and the topics that clients subscribe."""

from enum import StrEnum
from typing import Any, Protocol

Json = dict[str, Any]


class Sendable(Protocol):
    """A message, before it gets the name under which a client subscribed its topic."""

    @property
    def topic(self) -> StrEnum:
        """What it is about, as faults name it."""

    @property
    def symbol(self) -> str:
        """The contract that it is about."""

    def body(self, name: str) -> Json:
        """The JSON under the name that the client subscribed: a copy that it may change."""


class Subscribed(Protocol):
    """A topic in the form in which a client subscribed it."""

    @property
    def topic(self) -> StrEnum:
        """What it is about, as faults name it."""

    @property
    def name(self) -> str:
        """The name that its messages carry."""

    def receives(self, message: Sendable) -> bool:
        """Whether the subscription receives a message."""
