"""The books balance, whatever happens: laws over random histories of an account."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from trueup.simulator import ExecType, Side

from ..caller import Caller
from ..conftest import build
from .test_funding import FUNDED, contract

DEPOSIT = Decimal(5_000)
WEEK_MS = 7 * 86_400_000
DUST = Decimal("1E-6")
"""What averages and the texts of rows may round away."""

sides = st.sampled_from(["Buy", "Sell"])
quantities = st.integers(1, 60).map(str)
prices = st.integers(800, 1250).map(lambda tenths: str(Decimal(tenths) / 10))
leverages = st.integers(2, 50).map(str)
moves = st.one_of(
    st.tuples(st.just("trade"), sides, quantities),
    st.tuples(st.just("rest"), sides, quantities, prices),
    st.tuples(st.just("price"), prices),
    st.tuples(st.just("mark"), prices),
    st.tuples(st.just("leverage"), leverages),
    st.tuples(st.just("hours"), st.integers(1, 6)),
    st.tuples(st.just("bust")),
    st.tuples(st.just("close")),
)


class Trader:
    """An account, and the moves that are drawn for it."""

    def __init__(self) -> None:
        self.sim = build()
        self.sim.add_instrument(contract(), price="100")
        self.sim.add_account(
            uid="7", api_key="key-7", api_secret="secret-7", balance={"USDT": DEPOSIT}
        )
        self.caller = Caller(self.sim, "7")

    def do(self, name: str, *given: Any) -> None:  # noqa: ANN401 - what hypothesis draws
        """Make a move; what the exchange refuses changes nothing."""
        steps: dict[str, Callable[..., object]] = {
            "trade": lambda side, size: self._order(side, size, orderType="Market"),
            "rest": lambda side, size, price: self._order(
                side, size, orderType="Limit", price=price
            ),
            "price": lambda price: self.sim.set_price(FUNDED, price),
            "mark": lambda price: self.sim.set_mark_price(FUNDED, price),
            "leverage": lambda value: self.caller.post(
                "position/set-leverage", symbol=FUNDED, buyLeverage=value, sellLeverage=value
            ),
            "hours": lambda hours: self.sim.clock.advance(hours * 3_600_000),
            "bust": self._bust,
            "close": self.close,
        }
        steps[name](*given)

    def _order(self, side: str, quantity: str, **fields: object) -> None:
        self.caller.post("order/create", symbol=FUNDED, side=side, qty=quantity, **fields)

    def _bust(self) -> None:
        for position in self.sim.positions("7"):
            half = (position.size // 2) or position.size
            self.sim.liquidate("7", FUNDED, position.side or "", half)

    def close(self) -> None:
        """Cancel everything and close the position at the market."""
        self.caller.post("order/cancel-all", symbol=FUNDED)
        for position in self.sim.positions("7"):
            side = (position.side or Side.BUY).opposite
            self._order(side, str(position.size), orderType="Market", reduceOnly=True)


def played(drawn: list[tuple[Any, ...]]) -> Trader:
    trader = Trader()
    for name, *given_with_it in drawn:
        trader.do(name, *given_with_it)
    return trader


def signed(side: Side | None, size: Decimal) -> Decimal:
    return -size if side is Side.SELL else size


def all_rows(caller: Caller, path: str, **fields: object) -> list[dict[str, Any]]:
    found, cursor = [], ""
    while True:
        page = caller.get(path, symbol=FUNDED, limit=100, cursor=cursor, **fields)["result"]
        found += page["list"]
        cursor = page["nextPageCursor"]
        if not page["list"] or not cursor:
            return found


@settings(max_examples=60, deadline=None)
@given(st.lists(moves, max_size=25))
def test_the_books_balance(drawn: list[tuple[Any, ...]]) -> None:
    """No money appears or vanishes.

    The balance is the deposit with all results, less fees and funding; and the equity is what all
    trades have brought in and cost, with the position at the mark price, which knows nothing of
    average prices.
    """
    trader = played(drawn)
    sim = trader.sim
    fills = sim.executions("7")
    balance = sim.wallet("7")["USDT"]
    assert balance == DEPOSIT + sum(fill.realised - fill.fee for fill in fills)

    trades = [fill for fill in fills if fill.exec_type is not ExecType.FUNDING]
    cash = -sum(signed(fill.side, fill.quantity * fill.price) for fill in trades)
    costs = sum(fill.fee for fill in fills)
    mark = sim.mark_price(FUNDED)
    worth = sum(signed(held.side, held.size) * mark for held in sim.positions("7"))
    total = trader.caller.get("account/wallet-balance", accountType="UNIFIED")["result"]["list"][0]
    assert abs(Decimal(total["totalEquity"]) - (DEPOSIT + cash - costs + worth)) < DUST
    assert abs(Decimal(total["totalWalletBalance"]) - balance) < DUST


@settings(max_examples=40, deadline=None)
@given(st.lists(moves, max_size=25))
def test_the_closed_results_of_a_flat_account_are_what_it_earned(
    drawn: list[tuple[Any, ...]],
) -> None:
    """Every fee of an entry and of an exit is in one row; funding is in none.

    No history is longer than the week that closed-pnl goes back.
    """
    trader = played(drawn)
    trader.close()
    funding = sum(
        fill.fee for fill in trader.sim.executions("7") if fill.exec_type is ExecType.FUNDING
    )
    closed = sum(
        Decimal(row["closedPnl"]) for row in all_rows(trader.caller, "position/closed-pnl")
    )
    earned = trader.sim.wallet("7")["USDT"] - DEPOSIT
    assert abs(closed - funding - earned) < DUST * 100


@settings(max_examples=40, deadline=None)
@given(st.lists(moves, max_size=25))
@example([("trade", "Sell", "1"), ("price", "80"), ("trade", "Sell", "2"), ("trade", "Buy", "1")])
def test_the_log_of_the_wallet_leads_from_the_deposit_to_the_balance(
    drawn: list[tuple[Any, ...]],
) -> None:
    """Each change has its reasons, each balance follows from the one before, and so do sizes."""
    trader = played(drawn)
    now = trader.sim.clock.now_ms()
    week = {"startTime": now - WEEK_MS, "endTime": now}
    log = all_rows(trader.caller, "account/transaction-log", **week)
    balance = DEPOSIT
    for row in reversed(log):
        change = Decimal(row["cashFlow"]) + Decimal(row["funding"] or 0) - Decimal(row["fee"])
        balance += change
        assert (Decimal(row["change"]), Decimal(row["cashBalance"])) == (change, balance)
    assert balance == trader.sim.wallet("7")["USDT"]
    assert len(log) == len(trader.sim.executions("7"))
    held = sum(signed(each.side, each.size) for each in trader.sim.positions("7"))
    assert not log or Decimal(log[0]["size"]) == held


def test_a_refused_order_leaves_the_books_as_they_are() -> None:
    trader = Trader()
    trader.do("trade", "Buy", "60")
    before = trader.sim.wallet("7"), trader.sim.positions("7"), trader.sim.orders("7")
    refused = trader.caller.post(
        "order/create", symbol=FUNDED, side="Buy", orderType="Market", qty="900"
    )
    assert refused["retCode"] == 110007
    assert (trader.sim.wallet("7"), trader.sim.positions("7"), trader.sim.orders("7")) == before
