"""What an answer of Bybit means: the outcome class, and whether something may have happened.

The number of a code is often not enough: 10001 covers everything from a bad quantity to the wrong
position mode, so its text decides. An unknown code may mean anything: the order of a write that
got one is looked up before anything else is done.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ....domain.model.outcomes import Effect, OutcomeClass
from .table import HTTP_STATUSES, RET_CODES, Group
from .table_spot import SPOT_CODES

PARAMETER_ERROR = 10001
_SERVER_ERRORS = range(500, 600)
_NOT_MODIFIED = "not modified"


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What a code means to the engine.

    Attributes:
        code: Bybit's ``retCode``, the code of a batch's item, or an HTTP status.
        kind: what the engine does about it.
        effect: whether the request may have been executed; ``NONE`` where it changes nothing.
        meaning: for people, in a few words.
    """

    code: int
    kind: OutcomeClass
    effect: Effect
    meaning: str


_TEXTS_OF_10001: tuple[tuple[str, OutcomeClass, Effect, str], ...] = (
    (
        "position idx not match position mode",
        OutcomeClass.POSITION_MODE,
        Effect.REJECTED,
        "positionIdx does not fit the position mode",
    ),
    (
        "zero position",
        OutcomeClass.REDUCE_ONLY,
        Effect.REJECTED,
        "no position, or its fill is not booked yet",
    ),
    (
        "base_price",
        OutcomeClass.CROSSED,
        Effect.REJECTED,
        "the market is past the trigger price",
    ),
    (
        "link id",
        OutcomeClass.INVALID,
        Effect.REJECTED,
        "order link id refused",
    ),
    (
        "orderlinkid",
        OutcomeClass.INVALID,
        Effect.REJECTED,
        "order link id refused",
    ),
    (
        "symbol invalid",
        OutcomeClass.INVALID,
        Effect.REJECTED,
        "no such symbol",
    ),
    (
        "buy: [",
        OutcomeClass.TRANSIENT,
        Effect.REJECTED,
        "no liquidity for a market order",
    ),
)


def classify(code: int, message: str = "") -> CodeMeaning:
    """The meaning of a ``retCode``, of a reply or of a batch's item.

    A text with "not modified" means just that under any code, for no code is documented for an
    amend that changes nothing. What 10001 means is in its text (texts seen in ccxt/ccxt#17105,
    sieblyio/bybit-api#390 and docs/faq.mdx). An unknown code is INVALID, with UNKNOWN effect.
    """
    text = message.lower()
    if code and _NOT_MODIFIED in text:
        return CodeMeaning(code, OutcomeClass.NOTHING_CHANGED, Effect.NONE, "already as asked for")
    if code == PARAMETER_ERROR:
        for part, kind, effect, meaning in _TEXTS_OF_10001:
            if part in text:
                return CodeMeaning(code, kind, effect, meaning)
    return _RET_CODES.get(code) or _unknown(code)


def classify_status(status: int) -> CodeMeaning:
    """The meaning of an HTTP status other than 200 (docs/v5/error.mdx, "HTTP Code").

    Statuses of 500 and above come from gateways and are not documented; the exchange behind the
    gateway may have executed the request.
    """
    if status in _SERVER_ERRORS:
        return CodeMeaning(
            status, OutcomeClass.TRANSIENT, Effect.UNKNOWN, "server or gateway error"
        )
    return _STATUSES.get(status) or _unknown(status)


def known_codes() -> tuple[CodeMeaning, ...]:
    """Every code of the table, ascending."""
    return tuple(_RET_CODES[code] for code in sorted(_RET_CODES))


def render_table() -> str:
    """The tables as markdown, for the generated docs."""
    head = "| code | class | may have been executed | meaning |\n|---|---|---|---|\n"
    statuses = tuple(_STATUSES[status] for status in sorted(_STATUSES))
    return (
        "## Codes in replies and in items of batches\n\n"
        + head
        + _rows(known_codes())
        + "\n## Texts of 10001\n\n"
        + "| text contains | class | may have been executed | meaning |\n|---|---|---|---|\n"
        + "".join(
            f"| `{part}` | {kind.value} | {_WORDS[effect]} | {meaning} |\n"
            for part, kind, effect, meaning in _TEXTS_OF_10001
        )
        + "\n`not modified` under any code is nothing-changed. A code that is not here is invalid,"
        " and the order of a write is looked up.\n"
        + "\n## HTTP statuses\n\n"
        + head
        + _rows(statuses)
        + "| 5xx | transient | unknown | server or gateway error |\n"
    )


_WORDS = {Effect.NONE: "no change", Effect.REJECTED: "no", Effect.UNKNOWN: "unknown"}


def _rows(meanings: Iterable[CodeMeaning]) -> str:
    return "".join(
        f"| {known.code} | {known.kind.value} | {_WORDS[known.effect]} | {known.meaning} |\n"
        for known in meanings
    )


def _unknown(code: int) -> CodeMeaning:
    return CodeMeaning(code, OutcomeClass.INVALID, Effect.UNKNOWN, "not in the table")


def _by_code(groups: Iterable[Group]) -> dict[int, CodeMeaning]:
    meanings: dict[int, CodeMeaning] = {}
    for kind, effect, codes in groups:
        for code, meaning in codes.items():
            if code in meanings:
                raise ValueError(f"code {code} is in the table twice")
            meanings[code] = CodeMeaning(code, kind, effect, meaning)
    return meanings


_RET_CODES = _by_code((*RET_CODES, *SPOT_CODES))
_STATUSES = _by_code(HTTP_STATUSES)
