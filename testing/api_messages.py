"""Requests to the simulated exchange in the same process, and its responses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..simulator import Fault
from ..simulator.api.replies import Answer

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request to the exchange.

    Attributes:
        uid: the account that asks.
        method: GET or POST.
        path: the full path, as ``/v5/order/realtime``.
        fields: the parameters.
        stamp_ms: when the client sent it, by the client's clock.
        api_key: the key that the client uses; the account's first one by default.
    """

    uid: str
    method: str
    path: str
    fields: Fields
    stamp_ms: int
    api_key: str = field(default="", repr=False)

    @property
    def is_write(self) -> bool:
        """Whether the request asks for a change."""
        return self.method == "POST"


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """What the exchange decided about a request.

    Attributes:
        answer: code, text and result.
        fault: the injected fault that the request met; it may keep the client from receiving the
            answer.
        at_ms: when the exchange decided, in virtual milliseconds since the epoch.
        as_of_ms: the time whose state the answer shows: earlier than ``at_ms`` for a stale read.
    """

    answer: Answer
    fault: Fault | None
    at_ms: int
    as_of_ms: int
