"""No exchange's words where exchanges are ports; nowhere words that the field has others for."""

import pytest

from .words import (
    PRODUCT,
    WITHOUT_EXCHANGE_WORDS,
    exchange_word,
    sources,
    spoken,
    worn_module,
    worn_word,
)


def breaches(text: str) -> list[str]:
    """Names and literals of a source that say something of one exchange."""
    found = ((said, exchange_word(said)) for said in spoken(text))
    return [f"{said.line}: {said.value!r} says {word}" for said, word in found if word]


def worn(text: str) -> list[str]:
    """Names of a source that say what the field has another word for."""
    named = (said for said in spoken(text) if said.is_name and isinstance(said.value, str))
    found = ((said, worn_word(str(said.value))) for said in named)
    return [f"{said.line}: {said.value} ({word})" for said, word in found if word]


@pytest.mark.parametrize("folder", WITHOUT_EXCHANGE_WORDS)
def test_exchange_words_stay_in_their_adapter(folder: str) -> None:
    assert [f"{path}:{one}" for path, text in sources((folder,)) for one in breaches(text)] == []


@pytest.mark.parametrize("folder", PRODUCT)
def test_the_words_are_the_fields(folder: str) -> None:
    modules = [f"{path} ({word})" for path, _ in sources((folder,)) if (word := worn_module(path))]
    assert (
        modules + [f"{path}:{one}" for path, text in sources((folder,)) for one in worn(text)] == []
    )


@pytest.mark.parametrize(
    "planted",
    [
        "class BybitOrder: ...",
        "from trueup.adapters import bybit",
        "RECV_WINDOW = 1",
        "def send(recvWindow): ...",
        "gone = 110001",
        "gone = f'refused with 110001: {why}'",
        "is_new = status == 'New'",
        "is_open = status in ('PartiallyFilled', '')",
        "by_hand = 'ByUser' in why",
        "moved = 'ReduceOnly' not in why",
        "made = 'CreateByTrailingStop'",
        "why = 'EC_Others'",
        "row['cumExecQty']",
        "order.stop_order_type",
        "f(cancel_type='')",
    ],
)
def test_a_planted_word_of_the_exchange_is_found(planted: str) -> None:
    assert breaches(planted)


@pytest.mark.parametrize(
    "planted",
    [
        "def owed(): ...",
        "class Desk: ...",
        "heard_at = 1",
        "doubts.clear()",
        "f(told=1)",
        "from .memo import x",
        "from chaos import earshot",
        "def tell_one(news): ...",
        "match x:\n    case [*news]: ...",
        "class Running: ...",
        "lambda chance: 1",
        "try: ...\nexcept E as bent: ...",
    ],
)
def test_a_planted_worn_word_is_found(planted: str) -> None:
    assert worn(planted)


def test_docstrings_may_cite_a_source() -> None:
    text = '"""Bybit\'s 110001 (retCode)."""\nlevel = 1\n"""Of Bybit: ``CancelByUser``."""\n'
    assert [said.value for said in spoken(text)] == ["level", 1]
    assert breaches(text) == []


def test_a_take_profit_is_no_worn_word() -> None:
    assert worn("order.is_take_profit\nclass TakeProfit: ...\nOrderKind.TAKE_PROFIT") == []
