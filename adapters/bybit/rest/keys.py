"""Asks whose an account's API key is, and tells a refused key from an endpoint that is away."""

from ....domain.keys.facts import KeyAnswer, KeyFacts, KeyRefused, KeyUnread, NoKeyFacts
from ....domain.model.outcomes import OutcomeClass
from ..codes.classify import classify, classify_status
from ..wire.endpoints import Endpoint
from ..wire.keys import parse_key
from .client import BybitClient
from .failures import Failure

_NO_SUCH_PATH = frozenset((404, 10017))
_STATUSES = range(400, 600)


def ask_about_key(client: BybitClient) -> KeyAnswer:
    """What Bybit says of the client's own key.

    A code that refuses keys is given with the words of the code table. HTTP 404 and 10017 mean
    that the host has no such endpoint. Whatever else fails says nothing of the key. Where the time
    of the request is refused, the refusal has told the exchange's time: it is asked once more.
    """
    answer = _ask(client)
    if isinstance(answer, Failure) and answer.kind is OutcomeClass.TIMESTAMP:
        answer = _ask(client)
    if isinstance(answer, KeyFacts):
        return answer
    if answer.code in _NO_SUCH_PATH:
        return NoKeyFacts()
    if answer.kind is OutcomeClass.AUTH and answer.code is not None:
        return KeyRefused(answer.code, _meaning(answer, answer.code))
    code = "" if answer.code is None else f"{answer.code} "
    return KeyUnread(f"{code}{answer.message}")


def _ask(client: BybitClient) -> KeyFacts | Failure:
    return client.call(Endpoint.KEY, lambda reply: parse_key(reply.result))


def _meaning(failure: Failure, code: int) -> str:
    known = classify_status(code) if code in _STATUSES else classify(code, failure.message)
    return known.meaning
