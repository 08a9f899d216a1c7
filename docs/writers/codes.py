"""``codes.md``: what Bybit's answers mean to trueup."""

from trueup.adapters.bybit.codes.classify import render_table
from trueup.domain.model.outcomes import Effect, OutcomeClass

from ..markdown import page, table

_INTRODUCTION = """
An answer of Bybit is a number and a text. trueup assigns each answer to a class, which decides what
a run does about it, and records whether the request may nevertheless have been executed. The tables
are in
[`adapters/bybit/codes/table.py`](../adapters/bybit/codes/table.py) and
[`adapters/bybit/codes/table_spot.py`](../adapters/bybit/codes/table_spot.py); the rules are in
[`adapters/bybit/codes/classify.py`](../adapters/bybit/codes/classify.py). Both name the pages of
Bybit that they come from.

A reply of 0 to a write only acknowledges it. The private stream or a read confirms that the write
took effect.
"""

_AGAIN = "the run sends it again after a pause"
_CLASSES: dict[OutcomeClass, str] = {
    OutcomeClass.OK: "acknowledged; the stream or a read confirms it",
    OutcomeClass.ALREADY_GONE: "the run looks the order up: filled, cancelled, open or no trace",
    OutcomeClass.DUPLICATE_LINK_ID: (
        "the run looks up the order under that id, and draws no new id before that"
    ),
    OutcomeClass.TRANSIENT: _AGAIN,
    OutcomeClass.RATE_LIMIT: _AGAIN,
    OutcomeClass.AUTH: "the run sends nothing more; other accounts are not affected",
    OutcomeClass.INVALID: "the run leaves the order as it is, and tries again in the next run",
    OutcomeClass.VALUES: (
        "the run reads the contract's rules again and plans anew; nothing is cancelled for it. "
        "Refused by fresh rules it is as invalid"
    ),
    OutcomeClass.CROSSED: "the market is past the price of the stop: an alert says so",
    OutcomeClass.NOT_AMENDABLE: "the run replaces the order by a new one",
    OutcomeClass.INSUFFICIENT: "as invalid",
    OutcomeClass.REDUCE_ONLY: "the position moved: the run reads it again",
    OutcomeClass.POSITION_MODE: "as invalid; the account's `position_mode` is wrong",
    OutcomeClass.MAINTENANCE: "as transient; the run leaves a cancel to the next run",
    OutcomeClass.TIMESTAMP: _AGAIN,
    OutcomeClass.NOTHING_CHANGED: "as acknowledged",
}

_EFFECTS: dict[Effect, str] = {
    Effect.NONE: "`no change`: there is nothing to settle",
    Effect.REJECTED: "`no`: the exchange refused it",
    Effect.UNKNOWN: "`unknown`: it may have been executed, so the run looks the order up first",
}

_TEXTS = """
10001 stands for everything from a bad quantity to the wrong position mode. Its text decides: see
"Texts of 10001". With any other text it belongs to the class in the first table.
"""


def codes() -> str:
    """The whole page."""
    return page(
        "Codes of Bybit",
        _INTRODUCTION,
        "## Classes",
        table(
            ("class", "what a run does about a write that got it"),
            ((kind.value, _CLASSES[kind]) for kind in OutcomeClass),
        ),
        "## May it have been executed?",
        "\n".join(f"- {_EFFECTS[effect]}." for effect in Effect),
        _TEXTS,
        render_table(),
    )
