"""Recognising order link ids: the forms known, and nothing else."""

import json
import re
import string
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from trueup.domain.model.identity import Role, Side
from trueup.domain.model.order import Order, OrderKind, OrderStatus, OrderType
from trueup.domain.recognition.classify import LONGEST, Kind, Suggestion, adoptable, suggest
from trueup.domain.recognition.families import FAMILIES, matchers

CASES = Path(__file__).parents[4] / "shared" / "cases"
TP, SL, ENTRY, FOREIGN = Kind.TAKE_PROFIT, Kind.STOP_LOSS, Kind.ENTRY, Kind.FOREIGN
MAIN, MIRROR = Role.MAIN, Role.MIRROR

BYBIT_ALPHABET = string.ascii_letters + string.digits + "_-"
Expected = tuple[Kind, int | None, Role | None, str]

# Ids that the original bot had on the exchange.
REAL: dict[str, Expected] = {
    "BOT_TP1_KSMUSDT_1753654566837_3771": (TP, 1, MAIN, "rebalance"),
    "BOT_TP2_LQTYUSDT_1753677775318_2946": (TP, 2, MAIN, "rebalance"),
    "BOT_TP3_TRBUSDT_1753680086947_8932": (TP, 3, MAIN, "rebalance"),
    "BOT_TP4_API3USDT_1753658787191_1049": (TP, 4, MAIN, "rebalance"),
    "BOT_TP1_ALICEUSDT_1753775056265_5655": (TP, 1, MAIN, "rebalance"),
    "BOT_TP1_BIGTIMEUSD_1753566618372_6586": (TP, 1, MAIN, "rebalance"),
    "BOT_TP2_BIGTIMEUSD_1753566626408_4496": (TP, 2, MAIN, "rebalance"),
    "BOT_TP4_BIGTIMEUSD_1753566638155_7435": (TP, 4, MAIN, "rebalance"),
    "BOT_TP1_ZILUSDT_1753526393632_4562": (TP, 1, MAIN, "rebalance"),
    "MIR_TP1_VANRYUSDT_1753662067827_5612": (TP, 1, MIRROR, "rebalance"),
    "MIR_TP2_LQTYUSDT_1753677783960_1363": (TP, 2, MIRROR, "rebalance"),
    "MIR_TP4_API3USDT_1753658809175_8211": (TP, 4, MIRROR, "rebalance"),
    "MIR_TP3_BIGTIMEUSD_1753558872590_9109": (TP, 3, MIRROR, "rebalance"),
    "MIR_TP1_ARUSDT_1753483245683_1005": (TP, 1, MIRROR, "rebalance"),
    "MIR_TP1_CYBERUSDT_1753731791351_3180": (TP, 1, MIRROR, "rebalance"),
    "MIR_TP4_CYBERUSDT_1753731796355_4430": (TP, 4, MIRROR, "rebalance"),
    "MIR_TP1_ICXUSDT_1753749847339_4155": (TP, 1, MIRROR, "rebalance"),
    "MIR_TP4_CYBERUSDT_1753710163059": (TP, None, MIRROR, "setup"),
    "MIR_TP4_CYBERUSDT_1753710164128": (TP, None, MIRROR, "setup"),
    "MIR_TP4_CYBERUSDT_1753710166287": (TP, None, MIRROR, "setup"),
    "MIR_TP4_TAOUSDT_1753552080960": (TP, None, MIRROR, "setup"),
    "MIR_TP4_AUCTIONUSDT_1753878579381": (TP, None, MIRROR, "setup"),
    "MIR_TP1_TAOUSDT_1754039006827": (TP, None, MIRROR, "setup"),
    "MIR_TP1_ALICEUSDT_1754005670462": (TP, None, MIRROR, "setup"),
    "MIR_TP2_ZENUSDT_1752066209357": (TP, None, MIRROR, "setup"),
    "MIR_TP3_ZENUSDT_1752066210611": (TP, None, MIRROR, "setup"),
    "MIR_TP1_SOLUSDT_1752067216266": (TP, None, MIRROR, "setup"),
    "MIR_TP4_POPCATUSDT_1753341629874_A1": (TP, None, MIRROR, "adjusted"),
    "MIR_TP4_HIGHUSDT_1753347758201_A1": (TP, None, MIRROR, "adjusted"),
    "MIR_TP1_NTRNUSDT_1752114841": (TP, 1, MIRROR, "repair script"),
    "MIR_TP4_ZRXUSDT_1752114541": (TP, 4, MIRROR, "repair script"),
    "MIR_TP1_CAKEUSDT_1752030717798": (TP, None, MIRROR, "setup"),
    "MIR_TP2_COTIUSDT_1752036225793": (TP, None, MIRROR, "setup"),
    "BOT_CONS_CYBERUSDT_TP1_164224": (TP, 1, MAIN, "setup"),
    "BOT_CONS_NOTUSDT_TP4_030407": (TP, 4, MAIN, "setup"),
    "BOT_CONS_AUCTIONUSDT_TP3_152922": (TP, 3, MAIN, "setup"),
    "BOT_CONS_LINKUSDT_TP1_050117": (TP, 1, MAIN, "setup"),
    "BOT_CONS_TWTUSDT_TP4_222619": (TP, 4, MAIN, "setup"),
    "BOT_CONS_MANAUSDT_TP4_222155": (TP, 4, MAIN, "setup"),
    "BOT_CONS_SUSHIUSDT_TP4_003529": (TP, 4, MAIN, "setup"),
    "BOT_CONS_PENDLEUSDT_TP1_091029_A1": (TP, 1, MAIN, "adjusted"),
    "BOT_CONS_PENDLEUSDT_TP2_091030_A1_A2": (TP, 2, MAIN, "adjusted"),
    "BOT_CONS_BAKEUSDT_TP1_074525_A1_A2": (TP, 1, MAIN, "adjusted"),
    "BOT_CONS_CYBERUSDT_SL_164227": (SL, None, MAIN, "setup"),
    "BOT_CONS_BOMEUSDT_SL_101109_A1": (SL, None, MAIN, "adjusted"),
    "BOT_CONS_COTIUSDT_SL_074343_A1_A2_A3": (SL, None, MAIN, "adjusted"),
    "BOT_CONS_BIGTIMEUSDT_SL_011756_BE_A1_A2": (SL, None, MAIN, "breakeven"),
    "BOT_CONS_ONTUSDT_SL_022446_ABREAKEVEN_A1": (SL, None, MAIN, "breakeven"),
    "BOT_CONS_ALICEUSDT_SL_212710_ABREAKEVEN_A1_A2": (SL, None, MAIN, "breakeven"),
    "BOT_CONS_ROSEUS_SL_021759_ABREAKEVEN_A1_A2_A3": (SL, None, MAIN, "breakeven"),
    "MIR_SL_KSMUSDT_1753552439180": (SL, None, MIRROR, "setup"),
    "MIR_SL_BIGTIMEUSDT_1752185885766": (SL, None, MIRROR, "setup"),
    "BOT_TPSL_NOTUSDT_1753873881048_9747": (SL, None, MAIN, "rebalance"),
    "BOT_SL_IDUSDT_mirror_1752309550": (SL, None, MIRROR, "repair script"),
}

REAL_ENTRIES: dict[str, tuple[int, Role, str]] = {
    "BOT_CONS_0aeb9057_LIMIT2": (2, MAIN, "entry"),
    "BOT_CONS_dd948f51_LIMIT3": (3, MAIN, "entry"),
    "BOT_CONS_0aeb9057_LIMIT2_MIRROR_418170": (2, MIRROR, "entry"),
    "BOT_CONS_93838e48_LIMIT3_MIRROR_390496": (3, MIRROR, "entry"),
    "db61b1b8_LIMIT1_MIRROR_817751": (1, MIRROR, "entry, no bot prefix"),
}

# Ids composed after the makers: the rarer forms, and the traps.
COMPOSED: dict[str, Expected] = {
    "MIR_TP1_BANDUSDT_1737809937842_7432": (TP, 1, MIRROR, "rebalance"),
    "BOT_TP5_BANDUSDT_1737809937842_7432": (TP, 5, MAIN, "rebalance"),
    "MIR_TP20_BANDUSDT_1737809937842_7432": (TP, 20, MIRROR, "rebalance"),
    "BOT_TP2_1737809937842_7432": (TP, 2, MAIN, "rebalance"),
    "MIR_TPSL_RESTORE_B_1737809937842_7432": (SL, None, MIRROR, "rebalance"),
    "BOT_TPSL_STPTUSDT_1753873881048_9747": (SL, None, MAIN, "rebalance"),
    "BOT_TP1_SLPUSDT_1753873881048_9747": (TP, 1, MAIN, "rebalance"),
    "MIR_SL_STPTUSDT_1753552439180": (SL, None, MIRROR, "setup"),
    "BOT_CONS_STPTUSDT_SL_164227": (SL, None, MAIN, "setup"),
    "BOT_CONS_SLPUSDT_TP3_164227": (TP, 3, MAIN, "setup"),
    "BOT_GG_TP1USDT_SL_1753552439180": (SL, None, MAIN, "setup"),
    "MIR_SL_KSMUSDT_1753552439180_ABREAKEVEN_A1": (SL, None, MIRROR, "breakeven"),
    "0aeb9057_TP2_MIRROR": (TP, 2, MIRROR, "trade group"),
    "0aeb9057_FAST_TP": (TP, None, MAIN, "trade group"),
    "0aeb9057_FAST_SL_MIRROR": (SL, None, MIRROR, "trade group"),
    "BOT_CONS_0aeb9057_MARKET": (ENTRY, None, MAIN, "entry"),
    "Mirror_Enhanced_BANDUSDT_Limit_1753552439180": (ENTRY, None, MIRROR, "other engine"),
    "BOT_TP1_CORRECTIVE_MIRROR_1752114841": (TP, 1, MIRROR, "other engine"),
    "REBAL_SL_1752114841": (SL, None, None, "other engine"),
    "Main_TP2_BANDUSDT_1753552439180": (TP, 2, MAIN, "other engine"),
    "BOT_MIR_TP3_BANDUSDT_1752114841": (TP, 3, MIRROR, "repair script"),
    "FIX_MIR_TP3_BANDUSDT_1753552439180": (TP, 3, MIRROR, "repair script"),
    "MTP4_BANDUSDT_1752114841": (TP, 4, None, "repair script"),
    "MSL_BANDUSDT_1752114841": (SL, None, None, "repair script"),
    "BE_MIR_SL_AUCTIONUSDT_1753552439180": (SL, None, MIRROR, "repair script"),
    "BOT_MIRROR_XRPUSDT_TP2_MANUAL": (TP, 2, MIRROR, "repair script"),
    "BOT_TIAUSDT_TP1_REBALANCED": (TP, 1, MAIN, "repair script"),
}

STRANGERS = (
    "",
    " ",
    "None",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "STPTUSDT",
    "SLPUSDT",
    "STPTUSDT_1753552439180",
    "my-TP1",
    "TP1_BANDUSDT",
    "SL",
    "CLOSE_ALL_BANDUSDT_1753552439180",
    "CLEAN_SLATE_BANDUSDT_1753552439180",
    "MANUAL_TP1_BANDUSDT",
    "MANUAL_BANDUSDT_SL_1753552439180",
    "BOT_EMERGENCY_CLOSE_BANDUSDT_1752114841",
    "BOT_EMERGENCY_SL_BANDUSDT_1752114841",
    "BOT_FINAL_TP_CLOSE_BANDUSDT_1752114841",
    "RECOVERED_TP1_BANDUSDT",
    "RECREATED_TP1_BANDUSDT_1752114841",
    "RECREATED_BANDUSDT",
    "BOT_FALLBACK_TP1_BANDUSDT",
    "FALLBACK_TP1_BANDUSDT_1752114841",
    "MISSING_TP1_BANDUSDT",
    "missing_tp_1",
    "BOT_TP1_BANDUSDT_CORRECTED_1752114841",
    "BOT_TP_BANDUSDT_1737809937842_7432",
    "BOT_TP0_BANDUSDT_1737809937842_7432",
    "BOT_TP01_BANDUSDT_1737809937842_7432",
    "BOT_TP21_BANDUSDT_1737809937842_7432",
    "BOT_TP1_BANDUSDT_1737809937_7432",
    "BOT_TP1_BANDUSDT_1737809937842_743",
    "BOT_TP1_BAND-USDT_1737809937842_7432",
    "BOT_CONS_BANDUSDT_TP5_164224",
    "BOT_CONS_BANDUSDT_TP1_164224_BE",
    "BOT_CONS_BANDUSDT_STOP_164224",
    "BOT_CONS_0AEB9057_LIMIT2",
    "0aeb905_TP1",
)


def read(name: str) -> str:
    """The text of a file of real cases; skips where there are none."""
    path = CASES / name
    if not path.exists():
        pytest.skip(f"the real cases are not here: no {name} in ../shared/cases")
    return path.read_text(encoding="utf-8")


def test_every_real_id_is_recognised() -> None:
    rows: list[dict[str, Any]] = json.loads(read("order_link_ids.json"))["rows"]
    wrong = {}
    for row in rows:
        asked = row["expect"]
        role = asked["account"] or asked["account_hint"]
        expected = Suggestion(
            Kind(asked["kind"]), asked["tp"], Role(role), asked["origin"], asked.get("entry")
        )
        if (got := suggest(row["id"])) != expected:
            wrong[row["id"]] = got
    assert wrong == {}
    assert len(rows) == 766


def test_no_id_of_the_real_monitor_states_is_foreign() -> None:
    ids = set(re.findall(r'"order_link_id": ?"([^"]+)"', read("monitors.json")))
    assert {text for text in ids if suggest(text).kind is FOREIGN} == set()
    assert len(ids) > 500


@pytest.mark.parametrize(("text", "expected"), [*REAL.items(), *COMPOSED.items()])
def test_known_forms(text: str, expected: Expected) -> None:
    assert suggest(text) == Suggestion(*expected)


@pytest.mark.parametrize(("text", "expected"), REAL_ENTRIES.items())
def test_entries(text: str, expected: tuple[int, Role, str]) -> None:
    number, role, family = expected
    assert suggest(text) == Suggestion(ENTRY, None, role, family, entry=number)


@pytest.mark.parametrize("text", STRANGERS)
def test_everything_else_is_foreign(text: str) -> None:
    assert suggest(text) == Suggestion(FOREIGN, None, None, "")


known = st.one_of(
    st.sampled_from([*REAL, *REAL_ENTRIES, *COMPOSED]),
    *(st.from_regex(family.pattern, fullmatch=True) for family in FAMILIES),
).filter(lambda text: len(text) <= LONGEST)


@given(known)
def test_an_id_is_of_exactly_one_family(text: str) -> None:
    matching = [family for family, pattern in matchers() if pattern.fullmatch(text)]
    assert len(matching) == 1
    got = suggest(text)
    assert (got.family, got.kind, got.role) == (
        matching[0].name,
        matching[0].kind,
        matching[0].role,
    )


@given(known)
def test_a_number_is_told_only_for_its_own_kind(text: str) -> None:
    got = suggest(text)
    assert got.level is None or (got.kind is TP and 1 <= got.level <= 20)
    assert got.entry is None or (got.kind is ENTRY and 1 <= got.entry <= 3)
    assert got.level is None or f"TP{got.level}_" in f"{text}_"


@given(st.text(max_size=60))
@example("\x00")
@example("\ud800")
def test_any_text_at_all_is_answered(text: str) -> None:
    assert (suggest(text).kind is FOREIGN) == (suggest(text).family == "")


@given(known, st.data())
def test_a_character_bybit_does_not_allow_makes_it_foreign(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    alien = data.draw(st.characters(exclude_characters=BYBIT_ALPHABET))
    assert suggest(text[:place] + alien + text[place:]).kind is FOREIGN


@given(st.one_of(st.uuids(version=4).map(str), st.from_regex(r"[A-Za-z0-9-]+", fullmatch=True)))
def test_an_id_without_fields_is_foreign(text: str) -> None:
    assert suggest(text).kind is FOREIGN


@given(known, st.characters())
def test_one_character_before_a_known_id_makes_it_foreign(text: str, character: str) -> None:
    assert suggest(character + text).kind is FOREIGN


@given(known, st.characters(exclude_characters=string.digits))
def test_one_character_after_a_known_id_makes_it_foreign(text: str, character: str) -> None:
    assert suggest(text + character).kind is FOREIGN


@given(known)
def test_other_case_or_other_separators_make_it_foreign(text: str) -> None:
    assert suggest(text.lower()).kind is FOREIGN
    assert suggest(text.swapcase()).kind is FOREIGN
    assert suggest(text.replace("_", "-")).kind is FOREIGN
    assert suggest(text.replace("_", "__", 1)).kind is FOREIGN


@given(known, st.data())
def test_digits_of_other_scripts_make_it_foreign(text: str, data: st.DataObject) -> None:
    places = [place for place, character in enumerate(text) if character.isdecimal()]
    assume(places)
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.characters(categories=["Nd"], exclude_characters=string.digits))
    assert suggest(text[:place] + other + text[place + 1 :]).kind is FOREIGN


@pytest.mark.parametrize("adjustments", ["_A1" * 6, "_A1" * 5 + "_A12", "_A12" * 5, "_A1" * 9])
def test_beyond_45_characters_an_id_is_foreign(adjustments: str) -> None:
    text = "BOT_CONS_BANDUSDT_SL_164227" + adjustments
    assert (suggest(text).kind is FOREIGN) == (len(text) > 45)


words = st.one_of(
    st.sampled_from(["BOT", "MIR", "CONS", "FIX", "REBAL", "MIRROR", "FAST", "MARKET", "0aeb9057"]),
    st.sampled_from(["TP", "TP1", "TP5", "MTP2", "TPSL", "SL", "MSL", "LIMIT2", "A1", "BE"]),
    st.sampled_from(
        ["STPTUSDT", "SLPUSDT", "TP1USDT", "CLOSE", "MANUAL", "EMERGENCY", "RECOVERED"]
    ),
    st.sampled_from(["164224", "1752114841", "1753552439180", "7432", "12"]),
)


@given(known, words, st.data())
def test_only_a_field_of_its_own_makes_a_take_profit_or_a_stop_loss(
    text: str, word: str, data: st.DataObject
) -> None:
    fields = text.split("_")
    fields[data.draw(st.integers(0, len(fields) - 1))] = word
    got = suggest("_".join(fields)).kind
    assert got is not SL or {"SL", "MSL", "TPSL"} & set(fields)
    assert got is not TP or any(re.fullmatch(r"M?TP[0-9]*", field) for field in fields)


tricky = ["STPTUSDT", "SLPUSDT", "TP1USDT", "TP", "TP1", "SL", "TPSL", "LIMIT2", "MARKET", "A1"]
symbols = st.sampled_from(tricky) | st.from_regex(r"[A-Z0-9]{2,10}", fullmatch=True)


@given(st.sampled_from(list(REAL)), symbols)
def test_the_symbol_never_decides(text: str, symbol: str) -> None:
    renamed = re.sub(r"_[A-Z0-9]+US(DT|D|)_", f"_{symbol}_", text)
    assume(len(renamed) <= LONGEST)
    assert suggest(renamed) == suggest(text)


def order(**changes: Any) -> Order:  # noqa: ANN401 - any field of an order
    """A resting TP of a long position, except for the changes."""
    fields: dict[str, Any] = {
        "order_id": "1",
        "order_link_id": "BOT_TP1_KSMUSDT_1753654566837_3771",
        "symbol": "KSMUSDT",
        "side": Side.SELL,
        "order_type": OrderType.LIMIT,
        "price": Decimal("16.5"),
        "quantity": Decimal(10),
        "filled": Decimal(0),
        "status": OrderStatus.OPEN,
        "reduce_only": True,
    }
    return Order(**(fields | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"status": OrderStatus.PARTIALLY_FILLED, "filled": Decimal(3)},
        {"order_link_id": "BOT_CONS_KSMUSDT_TP1_164224"},
        {"order_link_id": "MIR_TP4_KSMUSDT_1753710163059"},
    ],
)
def test_a_resting_order_of_a_tp_family_is_adoptable(changes: dict[str, Any]) -> None:
    assert adoptable(order(**changes), Side.BUY)


@pytest.mark.parametrize(
    "changes",
    [
        {"side": Side.BUY},
        {"order_link_id": ""},
        {"order_link_id": "BOT_TPSL_KSMUSDT_1753873881048_9747"},
        {"order_link_id": "BOT_CONS_0aeb9057_LIMIT2"},
        {"order_link_id": "my own order"},
        {"reduce_only": False},
        {"order_type": OrderType.MARKET},
        {"trigger_price": Decimal(15)},
        {"kind": OrderKind.TAKE_PROFIT},
        {"price": Decimal(0)},
        {"status": OrderStatus.FILLED, "filled": Decimal(10)},
        {"status": OrderStatus.CANCELLED},
    ],
)
def test_any_other_order_is_not_adoptable(changes: dict[str, Any]) -> None:
    assert not adoptable(order(**changes), Side.BUY)


def test_the_side_is_the_positions() -> None:
    assert adoptable(order(side=Side.BUY), Side.SELL)
    assert not adoptable(order(), Side.SELL)
