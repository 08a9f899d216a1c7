"""Order link ids: Bybit's form, always, and what is made is recognised again."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trueup.adapters.bybit.wire.values import LINK_IDS
from trueup.domain.model.errors import LinkIdError
from trueup.domain.model.identity import Role
from trueup.domain.recognition.classify import Kind, Suggestion, suggest
from trueup.domain.recognition.link_ids import make_link_id, may_stand_for
from trueup.domain.venue.exchange_facts import LinkIdForm

AT = 1737809937842
BYBIT = re.compile(r"[A-Za-z0-9_-]{1,36}")

roles = st.sampled_from(Role)
levels = st.integers(1, 20)
plain = st.from_regex(r"[A-Z0-9]+", fullmatch=True)
dated = st.from_regex(r"[A-Z0-9]{2,14}-[0-9]{2}[A-Z]{3}[0-9]{2}(-[0-9]{2,6}-[CP])?", fullmatch=True)
symbols = plain | dated | st.text(min_size=1, max_size=30)
LISTED = (
    "BTCUSDT-26DEC25",
    "BTCUSDT-27MAR26",
    "BTC-26DEC25",
    "1000PEPEUSDT-26DEC25",
    "币安人生USDT",
    "龙虾USDT",
    "BTCPERP",
    "BTCUSDT",
    "bandusdt",
)
times = st.integers(10**12, 10**13 - 1)
digits = st.integers(1000, 9999)


def test_the_known_example() -> None:
    made = make_link_id(LINK_IDS, Role.MIRROR, 1, "BANDUSDT", AT, 7432)
    assert made == "MIR_TP1_BANDUSDT_1737809937842_7432"


@pytest.mark.parametrize(
    ("level", "symbol", "made"),
    [
        (1, "ALICEUSDT", "BOT_TP1_ALICEUSDT_1737809937842_7432"),
        (1, "BIGTIMEUSDT", "BOT_TP1_BIGTIMEUS_1737809937842_7432"),
        (20, "BIGTIMEUSDT", "BOT_TP20_BIGTIMEU_1737809937842_7432"),
        (9, "1000000BABYDOGEUSDT", "BOT_TP9_1000000BA_1737809937842_7432"),
    ],
)
def test_a_long_symbol_is_cut_to_36_characters(level: int, symbol: str, made: str) -> None:
    assert make_link_id(LINK_IDS, Role.MAIN, level, symbol, AT, 7432) == made
    assert len(made) == 36


@given(roles, levels, symbols, times, digits)
@example(Role.MAIN, 20, "1000000BABYDOGEUSDT", 10**13 - 1, 9999)
@example(Role.MIRROR, 1, "1234567890123", 10**12, 1000)
@example(Role.MAIN, 1, "STPTUSDT", AT, 1000)
@example(Role.MIRROR, 10, "SLPUSDT", AT, 1000)
def test_every_id_has_bybits_form_and_is_recognised(
    role: Role, level: int, symbol: str, at_ms: int, number: int
) -> None:
    made = make_link_id(LINK_IDS, role, level, symbol, at_ms, number)
    assert BYBIT.fullmatch(made)
    assert LINK_IDS.allows(made)
    assert suggest(made) == Suggestion(Kind.TAKE_PROFIT, level, role, "rebalance")


@given(roles, levels, symbols, symbols, times)
@example(Role.MAIN, 20, "BTCUSDT-26DEC25", "BTCUSDT-27MAR26", AT)
@example(Role.MAIN, 1, "BTC-26DEC25", "BTC", AT)
@example(Role.MIRROR, 1, "BIGTIMEUSDT", "BIGTIMEUSDT-26DEC25", AT)
@example(Role.MAIN, 1, "币安人生USDT", "龙虾USDT", AT)
def test_an_id_stands_for_its_symbol_and_for_no_other(
    role: Role, level: int, symbol: str, other: str, at_ms: int
) -> None:
    made = make_link_id(LINK_IDS, role, level, symbol, at_ms, 7432)
    assert may_stand_for(made, symbol)
    shown = symbol[: 36 - len(f"BOT_TP{level}__{at_ms}_7432")]
    are_plain = re.fullmatch("[A-Z0-9]+", symbol + other)
    may = symbol == other or (are_plain and other.startswith(shown))
    assert may_stand_for(made, other) is bool(may)


def test_ids_of_contracts_that_bybit_lists_differ() -> None:
    made = {make_link_id(LINK_IDS, Role.MAIN, 1, symbol, AT, 7432) for symbol in LISTED}
    assert len(made) == len(LISTED)
    for link_id in made:
        assert sum(may_stand_for(link_id, symbol) for symbol in LISTED) == 1


@pytest.mark.parametrize("text", ["", "BOT_CONS_BANDUSDT_TP1_123456", "by hand", "MIR_TP1_1_2"])
def test_an_id_of_another_form_names_no_symbol(text: str) -> None:
    assert may_stand_for(text, "ENAUSDT")


@given(symbols, st.tuples(levels, times, digits), st.tuples(levels, times, digits))
def test_ids_of_one_symbol_differ_where_level_time_or_digits_do(
    symbol: str, one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    ids = {
        make_link_id(LINK_IDS, Role.MAIN, level, symbol, at_ms, number)
        for level, at_ms, number in (one, other)
    }
    assert len(ids) == len({one, other})


def test_an_empty_symbol_is_refused() -> None:
    with pytest.raises(LinkIdError, match="needs a symbol"):
        make_link_id(LINK_IDS, Role.MAIN, 1, "", AT, 7432)


@pytest.mark.parametrize("level", [-1, 0, 21, 100])
def test_a_level_outside_the_ladder_is_refused(level: int) -> None:
    with pytest.raises(LinkIdError, match="level is 1 to 20"):
        make_link_id(LINK_IDS, Role.MAIN, level, "BANDUSDT", AT, 7432)


@pytest.mark.parametrize("at_ms", [-AT, 0, 1737809937, 10**12 - 1, 10**13])
def test_a_time_that_is_not_milliseconds_is_refused(at_ms: int) -> None:
    with pytest.raises(LinkIdError, match="13 digits"):
        make_link_id(LINK_IDS, Role.MAIN, 1, "BANDUSDT", at_ms, 7432)


@pytest.mark.parametrize("number", [-1000, 0, 999, 10_000])
def test_digits_that_are_not_four_are_refused(number: int) -> None:
    with pytest.raises(LinkIdError, match="1000 to 9999"):
        make_link_id(LINK_IDS, Role.MAIN, 1, "BANDUSDT", AT, number)


def test_an_exchange_without_room_for_the_id_is_an_error() -> None:
    with pytest.raises(LinkIdError, match="does not accept"):
        make_link_id(LinkIdForm(27, "A-Za-z0-9_-"), Role.MAIN, 1, "BANDUSDT", AT, 7432)
    with pytest.raises(LinkIdError, match="does not accept"):
        make_link_id(LinkIdForm(36, "A-Z0-9"), Role.MAIN, 1, "BANDUSDT", AT, 7432)


@pytest.mark.parametrize("text", ["a", "-", "_", "A" * 36, "test-00001", "MIR_TP1_X_1_2"])
def test_valid_ids(text: str) -> None:
    assert LINK_IDS.allows(text)


@pytest.mark.parametrize("text", ["", "A" * 37, "a b", "a.b", "a\n", "é", "١", "a/b"])
def test_invalid_ids(text: str) -> None:
    assert not LINK_IDS.allows(text)
