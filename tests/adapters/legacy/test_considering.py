"""What is made of each odd monitor of the original bot."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.adapters.legacy.old_house import Entry, ladder, monitor, take_profit, whole_file
from tests.stage import BAND_LADDER
from trueup import MonitorKey, Role, Side
from trueup.adapters.legacy import read_file
from trueup.adapters.legacy.rules.accounts import LegacyAccounts, Owner
from trueup.adapters.legacy.rules.consider import Considered, Verdict, consider
from trueup.adapters.legacy.rules.contracts import KnownRules
from trueup.adapters.legacy.rules.flags import Flag
from trueup.adapters.legacy.rules.state import RawMonitor
from trueup.domain.model.instrument import plain
from trueup.domain.model.record import OwnedStatus

KEY = "BANDUSDT_Sell_main"
RULES = {"BANDUSDT": KnownRules(Decimal("0.0001"), Decimal("0.1"))}


def one(value: object, key: str = KEY, rules: dict[str, KnownRules] | None = None) -> Considered:
    """What becomes of one monitor."""
    return consider([RawMonitor("f", key, value)], LegacyAccounts(), rules or {})[0]


def flags(considered: Considered) -> set[Flag]:
    """The flags found."""
    return {finding.flag for finding in considered.findings}


def left(considered: Considered) -> dict[str, str]:
    """Why each order was left, by its id or link id."""
    assert considered.taken is not None
    return {each.order.name: each.why for each in considered.taken.left}


@pytest.fixture
def house(tmp_path: Path) -> dict[str, Considered]:
    """The monitors of the whole file, by the key they were stored under."""
    path = tmp_path / "bot.pkl"
    path.write_bytes(whole_file())
    file = read_file(path)
    considered = consider(file.monitors, LegacyAccounts(), file.rules)
    return {each.raw.key: each for each in considered}


def test_a_monitor_in_order_is_taken_whole() -> None:
    considered = one(monitor(), rules=RULES)
    assert (considered.verdict, considered.reason, considered.findings) == (Verdict.TAKEN, "", ())
    assert considered.is_clean
    assert considered.key == MonitorKey("main", "BANDUSDT", Side.SELL)
    assert considered.owner == Owner("main", Role.MAIN)
    taken = considered.taken
    assert taken is not None
    assert taken.ladder is not None
    assert taken.ladder == BAND_LADDER
    assert [(order.level, plain(order.quantity)) for order in taken.orders] == [
        (1, "340"),
        (2, "20"),
        (3, "20"),
        (4, "20"),
    ]
    assert {order.status for order in taken.orders} == {OwnedStatus.OPEN}
    assert left(considered) == {"BOT_CONS_BANDUSDT_SL_164230": ""}


def test_the_mirror_of_the_house_follows_main_and_its_numbers_mean_nothing(
    house: dict[str, Considered],
) -> None:
    mirror = house["BANDUSDT_Sell_mirror"]
    assert mirror.owner == Owner("mirror", Role.MIRROR, "main")
    assert mirror.taken is not None
    assert [order.level for order in mirror.taken.orders] == [1, 2, 3, 4]
    assert flags(mirror) == {
        Flag.LINK_NUMBER,
        Flag.SAME_LINK_NUMBER,
        Flag.NO_CHAT,
        Flag.STALE_KEY,
    }
    assert mirror.is_clean


def test_the_filled_one_of_the_house_counts_its_fill(house: dict[str, Considered]) -> None:
    alice = house["ALICEUSDT_Sell_main"]
    assert alice.taken is not None
    first, *others = alice.taken.orders
    assert (first.status, first.filled) == (OwnedStatus.FILLED, Decimal(340))
    assert [plain(order.quantity) for order in others] == ["20"] * 3
    assert {order.status for order in others} == {OwnedStatus.OPEN}
    assert flags(alice) == {
        Flag.LIST,
        Flag.FLOAT_PRICE,
        Flag.FLOAT_QUANTITY,
        Flag.NO_TP1_HIT,
        Flag.FILLED,
        Flag.FILL_NOT_COUNTED,
        Flag.LONG_LINK,
        Flag.STOP_FILLED,
        Flag.BARE_ENTRY,
    }


def test_the_muddled_one_of_the_house_gives_what_is_certain(house: dict[str, Considered]) -> None:
    cake = house["CAKEUSDT_Buy"]
    assert cake.key == MonitorKey("mirror", "CAKEUSDT", Side.BUY)
    assert left(cake) == {
        "MIR_TP1_CAKEUSDT_1752030717798": "",
        "00000000-0000-4000-8000-000000000001": "its account field names another account",
        "BOT_TPSL_CAKEUSDT_1753873881048_9747": "its id is that of a stop-loss",
        "MANUAL_CLOSE_1": "no known program makes such an id: the order may be the trader's own",
        "RECREATED_TP4": "the bot made up its id and its price: "
        "the order never existed at the exchange",
        "BOT_CONS_BANDUSDT_TP4_164224": "its account field names another account",
    }
    assert cake.taken is not None
    assert [(o.level, o.part, o.price) for o in cake.taken.orders] == [
        (1, 1, Decimal("2.5")),
        (1, 2, Decimal("2.5")),
    ]
    assert flags(cake) >= {
        Flag.OLD_KEY,
        Flag.NO_PHASE,
        Flag.NO_PRICE,
        Flag.MANY,
        Flag.STOP_AS_TP,
        Flag.TP_AS_STOP,
        Flag.FOREIGN,
        Flag.PSEUDO,
        Flag.OTHER_ACCOUNT,
        Flag.OTHER_PREFIX,
        Flag.ONE_PRICE,
        Flag.STALE_KEY,
        Flag.LEVEL_CONFLICT,
    }
    assert not cake.is_clean


def test_what_names_nobody_is_left_with_the_reason(house: dict[str, Considered]) -> None:
    reasons = {key: each.reason for key, each in house.items() if each.verdict is Verdict.LEFT}
    assert reasons == {
        "SEIUSDT_Sell": "neither its fields nor its key name an account",
        "ICXUSDT_Sell_mirror": "its key says account mirror, its fields say 'main'",
        "GALAUSDT_Buy_main": "its key GALAUSDT_Buy_main contradicts its fields, "
        "which say BANDUSDT Buy",
        "NTRNUSDT_Sell": "it has no position and no take-profits",
        "TIAUSDT_Buy_main": "it is not a monitor but a list",
    }


def test_numbers_that_cannot_be_meant_are_told_and_others_used(
    house: dict[str, Considered],
) -> None:
    zro = house[""]
    assert zro.key == MonitorKey("main", "ZROUSDT", Side.SELL)
    told = {finding.flag: finding.detail for finding in zro.findings}
    assert told[Flag.UNREADABLE] == "remaining_size is not a number: nan"
    assert zro.state is not None
    assert zro.state.size == 400


def test_the_key_decides_where_the_account_is_missing() -> None:
    considered = one(monitor(None, tp_orders=ladder(account=None)), "BANDUSDT_Sell_MIRROR")
    assert considered.key == MonitorKey("mirror", "BANDUSDT", Side.SELL)


@pytest.mark.parametrize(
    ("wild", "read"),
    [
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        ("2.50", "2.50"),
        (" 3 ", "3"),
        (7, "7"),
        (Decimal("0.30"), "0.30"),
        ("1_000", None),
        ("١", None),
        ("", None),
        (True, None),
        (float("inf"), None),
        (Decimal("sNaN"), None),
        (10**400, None),
        ("9" * 5000, None),
        (Decimal("1E+400"), None),
        (-1, None),
        ([1], None),
    ],
)
def test_a_number_is_exact_whatever_its_type_or_it_is_none(wild: object, read: str | None) -> None:
    fields = {"remaining_size": wild}
    considered = one({"symbol": "XUSDT", "side": "Buy", "account_type": "main", **fields}, "")
    assert considered.state is not None
    assert considered.state.size == (None if read is None else Decimal(read))
    assert (Flag.UNREADABLE in flags(considered)) is (read is None and wild != "")


def test_off_step_and_off_tick_values_are_told_and_prices_put_on_the_tick() -> None:
    odd = ladder()
    first, *_ = odd.values()
    first |= {"price": Decimal("0.65281"), "quantity": Decimal("339.97")}
    considered = one(monitor(tp_orders=odd), rules=RULES)
    assert flags(considered) == {Flag.OFF_STEP, Flag.OFF_TICK}
    assert considered.taken is not None
    assert considered.taken.orders[0].price == Decimal("0.6528")


@pytest.mark.parametrize(
    ("number", "changed", "why"),
    [
        (
            1,
            {"order_type": "stop_market", "price": Decimal("0.7")},
            "it is a conditional order, not a take-profit",
        ),
        (1, {"price": 0}, "it has no price, so it is not a limit order"),
        (1, {"order_link_id": "BOT_CONS_0aeb9057_LIMIT2"}, "its id is that of an entry"),
        (2, {"quantity": None, "original_quantity": None}, "it has no quantity"),
        (2, {"order_id": "no id!", "order_link_id": "ü"}, "it has no valid id"),
        (
            2,
            {"order_id": "00000000-0000-4000-8000-000000000001"},
            "it is stored twice",
        ),
        (
            2,
            {"quantity": Decimal("0.01")},
            "it is smaller than the quantity step, so it cannot rest",
        ),
    ],
)
def test_an_order_that_cannot_be_taken_over_is_left(number: int, changed: Entry, why: str) -> None:
    orders = [*ladder().values()]
    orders[number - 1] = orders[number - 1] | changed
    considered = one(monitor(tp_orders=orders), rules=RULES)
    assert why in left(considered).values()
    assert considered.taken is not None
    assert len(considered.taken.orders) == 3


def test_an_order_without_quantity_was_a_level_all_the_same() -> None:
    orders = [*ladder().values()]
    orders[1] = orders[1] | {"quantity": None, "original_quantity": None}
    considered = one(monitor(tp_orders=orders))
    assert considered.taken is not None
    assert considered.taken.ladder is not None
    assert len(considered.taken.ladder.levels) == 4


def test_prices_that_the_bot_made_up_are_no_levels() -> None:
    made_up = take_profit(5, Decimal("0.5"), Decimal(20), order_id="BOT_FALLBACK_TP1_BANDUSDT")
    considered = one(monitor(tp_orders=[*ladder().values(), made_up]))
    assert considered.taken is not None
    assert considered.taken.ladder is not None
    assert considered.taken.ladder.levels[-1].price == Decimal("0.60")


def test_an_inverted_ladder_gets_its_shares_by_rank_and_is_told() -> None:
    """Original bot, I02: the largest part stood at the farthest price."""
    prices = ("0.6000", "0.6200", "0.6400", "0.6528")
    orders = [
        take_profit(n, Decimal(price), Decimal(340 if n == 1 else 20))
        for n, price in enumerate(prices, start=1)
    ]
    considered = one(monitor(tp_orders={order["order_id"]: order for order in orders}))
    assert flags(considered) == {Flag.INVERTED, Flag.LEVEL_CONFLICT}
    assert considered.taken is not None
    assert considered.taken.ladder is not None
    nearest = considered.taken.ladder.levels[0]
    assert (nearest.price, nearest.share) == (Decimal("0.6528"), Decimal(85))


def test_shares_without_percentages_are_the_bots_own_or_the_quantities() -> None:
    four = [order | {"percentage": None} for order in ladder().values()]
    assert (taken := one(monitor(tp_orders=four)).taken)
    assert taken.shares_from == "85/5/5/5"
    assert (taken := one(monitor(tp_orders=four[1:])).taken)
    assert taken.shares_from == "quantities"
    assert taken.ladder is not None
    assert sum(level.share for level in taken.ladder.levels) == 100


def test_too_many_levels_make_no_ladder_and_no_order_is_taken() -> None:
    orders = [
        take_profit(1, Decimal(n), Decimal(1), order_id=f"id-{n}", order_link_id="")
        for n in range(1, 23)
    ]
    considered = one(monitor(tp_orders=orders))
    assert considered.verdict is Verdict.TAKEN
    assert considered.taken is not None
    assert (considered.taken.ladder, considered.taken.orders) == (None, ())
    assert Flag.LADDER_INVALID in flags(considered)
    assert considered.taken.without_ladder.startswith("its take-profits make no ladder")


def test_the_newest_of_several_states_is_taken() -> None:
    old = RawMonitor("old.pkl", KEY, monitor(last_check=1.5))
    new = RawMonitor("new.pkl", KEY, monitor(last_check="2025-07-28T12:00:00"))
    none = RawMonitor("none.pkl", KEY, monitor(last_check=None))
    stub = RawMonitor("stub.pkl", "BANDUSDT_Sell", {"account_type": "main", "last_check": 9e9})
    considered = consider([old, new, none, stub], LegacyAccounts(), {})
    assert [each.verdict for each in considered] == ["left", "taken", "left", "left"]
    assert considered[0].reason == (
        "a newer state of main BANDUSDT Sell is taken: BANDUSDT_Sell_main in new.pkl"
    )
    assert considered[3].reason == "it has no position and no take-profits"


def test_the_words_for_accounts_mean_what_the_user_says() -> None:
    raws = [RawMonitor("f", KEY, monitor()), RawMonitor("f", "BANDUSDT_Sell_mirror", monitor(None))]
    renamed = LegacyAccounts({"main": "alice", "mirror": "bob"})
    owners = [each.owner for each in consider(raws, renamed, {})]
    assert owners == [Owner("alice", Role.MAIN), Owner("bob", Role.MIRROR, "alice")]
    configured = {"alice": Owner("alice", Role.MAIN), "main": Owner("main", Role.MAIN)}
    considered = consider(raws, LegacyAccounts({"main": "alice"}, configured), {})
    assert [each.owner for each in considered] == [configured["alice"], None]
    assert considered[1].reason == (
        "account mirror is not configured: map it to one of alice, main with --account"
    )


def stop_taken(order: Entry) -> tuple[str | None, str]:
    """Where a monitor's stop is taken over, and why it is not."""
    raws = [RawMonitor("f", KEY, monitor(sl_order=order))]
    taken = consider(raws, LegacyAccounts(), RULES, stops=True)[0].taken
    assert taken is not None
    assert taken.stop is not None
    stop, reason = taken.stop.stop, taken.stop.reason
    return None if stop is None or stop.price is None else plain(stop.price), reason


STOP = monitor()["sl_order"]


def test_where_its_stop_stands_is_taken_if_asked_for_and_on_the_tick() -> None:
    assert stop_taken(STOP) == ("0.73", "")
    assert stop_taken({**STOP, "price": "0.73004"}) == ("0.73", "")
    without = one(monitor()).taken
    assert without is not None
    assert without.stop is None


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({}, "the bot has none on record"),
        ({**STOP, "status": "FILLED"}, "BOT_CONS_BANDUSDT_SL_164230 is filled"),
        (
            {**STOP, "account": "mirror"},
            "BOT_CONS_BANDUSDT_SL_164230 names the account mirror",
        ),
        ({**STOP, "price": 0}, "BOT_CONS_BANDUSDT_SL_164230 has no price"),
        (
            {**STOP, "order_link_id": "BOT_TP1_BANDUSDT_1752030717798_1234"},
            "what the bot has as its stop, BOT_TP1_BANDUSDT_1752030717798_1234, is a take-profit",
        ),
    ],
)
def test_a_stop_that_says_nothing_certain_is_not_taken(order: Entry, why: str) -> None:
    assert stop_taken(order) == (None, why)
