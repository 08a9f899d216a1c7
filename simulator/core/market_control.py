"""Market control: what moves the exchange from outside the API.

These methods act as the market, as an account's owner in the app, or as the exchange itself.
"""

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from ..api import writes
from ..base.arguments import word
from ..base.bounds import MOST_MS, above_zero, from_zero, within
from ..base.decimals import Exact
from ..market import ledger, liquidation, setup
from ..market.accounts import Account
from ..market.enums import CancelType, Side, TriggerBy
from ..market.instruments import InstrumentSpec
from ..market.orders import SimOrder
from ..matching import fills, path
from .inspection import Inspection

_RULES = tuple(field.name for field in fields(InstrumentSpec))
_RECORDED = frozenset({"stopOrderType", "parentOrderLinkId", "cumExecQty", "createdTime"})


class MarketControl(Inspection):
    """Moves prices, positions and orders past the API's checks, faults and limits."""

    def set_price(self, symbol: str, price: Exact, *, gap: bool = False) -> None:
        """Move the market to a price: on the way triggers fire and limit orders fill.

        With a `gap` there is no trade on the way: what triggers meets the market at the new price.
        """
        with self._venue.lock:
            self._venue.spec(symbol)
            path.move_price(self._venue, symbol, above_zero("price", price), gap=gap)
            self._venue.settle()

    def backdate(self, symbol: str, ms: int) -> None:
        """Let a contract have been listed some milliseconds earlier, at its first price.

        It has flat candles since then: what bots that need a past ask for before they trade.

        Raises:
            ApiError: there is no such contract.
            ValueError: `ms` is below 0, or above ten years.
        """
        within("ms", ms, highest=MOST_MS)
        with self._venue.lock:
            self._venue.spec(symbol)
            self._venue.board.begin(symbol, self._venue.now() - ms)

    def set_mark_price(self, symbol: str, price: Exact | None) -> None:
        """Move the mark price alone, and fire what it triggers; None: it follows the last price."""
        self._set_apart(symbol, TriggerBy.MARK, price)

    def set_index_price(self, symbol: str, price: Exact | None) -> None:
        """Move the index price alone, and fire what it triggers; None: it follows the last."""
        self._set_apart(symbol, TriggerBy.INDEX, price)

    def set_instrument(  # noqa: PLR0913 - a contract has this many rules
        self,
        symbol: str,
        *,
        tick: Exact | None = None,
        step: Exact | None = None,
        min_quantity: Exact | None = None,
        max_quantity: Exact | None = None,
        min_notional: Exact | None = None,
        min_price: Exact | None = None,
        max_price: Exact | None = None,
    ) -> InstrumentSpec:
        """Change a contract's rules in mid-life; what is left out stays as it is.

        Orders that rest keep their price and quantity. The new rules bind what is placed or
        amended from now on.

        Returns:
            The contract with its new rules.

        Raises:
            ApiError: there is no such contract.
            ValueError: the tick or the step is not positive.
        """
        given = {
            "tick": tick,
            "step": step,
            "min_quantity": min_quantity,
            "max_quantity": max_quantity,
            "min_notional": min_notional,
            "min_price": min_price,
            "max_price": max_price,
        }
        with self._venue.lock:
            before = self._venue.spec(symbol)
            rules = {name: getattr(before, name) for name in _RULES}
            rules |= {name: value for name, value in given.items() if value is not None}
            changed = self._venue.instruments[symbol] = InstrumentSpec(**rules)
            self._venue.record_move(symbol)
            self._venue.settle()
            return changed

    def open_position(
        self, uid: str, symbol: str, side: str, quantity: Exact, price: Exact
    ) -> None:
        """Open a position, or add to it, without an order; see `set_position`.

        Raises:
            ValueError: the account holds the other side under the same positionIdx.
        """
        taken = word(Side, "side", side)
        amount, at = above_zero("quantity", quantity), above_zero("price", price)
        with self._venue.lock:
            account = self._venue.account(uid)
            held = account.position_at(symbol, account.idx_for(symbol, taken))
            if held.side is taken.opposite:
                raise ValueError(f"account {uid} holds the other side of {symbol}")
            grown = held.after_fill(taken, amount, at)
            self.set_position(uid, symbol, side, grown.size, grown.average_price)

    def set_position(
        self, uid: str, symbol: str, side: str, quantity: Exact, price: Exact = 0
    ) -> None:
        """Set the size and entry price of a position, without an order.

        Quantity 0 closes the position as its owner would by hand. The orders that close the
        position follow the change as they do after a fill. The list of executions has the trade
        that led there; the streams show only the position. `trade` does it all.
        """
        with self._venue.lock:
            self._venue.spec(symbol)
            setup.set_position(
                self._venue,
                self._venue.account(uid),
                symbol,
                word(Side, "side", side),
                from_zero("quantity", quantity),
                from_zero("price", price),
            )
            self._venue.settle()

    def liquidate(self, uid: str, symbol: str, side: str, quantity: Exact | None = None) -> None:
        """Liquidate a position, or part of it: cancel its orders, then execute a BustTrade.

        Raises:
            ValueError: the position is smaller than the quantity.
        """
        with self._venue.lock:
            self._take_over(uid, symbol, side, quantity, liquidation.LIQUIDATION, cancels=True)

    def deleverage(
        self,
        uid: str,
        symbol: str,
        side: str,
        quantity: Exact | None = None,
        *,
        cancels: bool = True,
    ) -> None:
        """Auto-deleverage a position, or part of it: execute an AdlTrade.

        Args:
            uid: the account.
            symbol: the contract.
            side: the position's side.
            quantity: how much; the whole position by default.
            cancels: whether the exchange cancels the position's orders first.

        Raises:
            ValueError: the position is smaller than the quantity.
        """
        with self._venue.lock:
            self._take_over(uid, symbol, side, quantity, liquidation.DELEVERAGING, cancels=cancels)

    def place_entry(
        self,
        uid: str,
        symbol: str,
        side: str,
        quantity: Exact,
        price: Exact,
        order_link_id: str = "",
    ) -> str:
        """Let a limit order that is not reduce-only rest in the book; returns its order id."""
        fields = {
            "symbol": symbol,
            "side": side,
            "orderType": "Limit",
            "qty": above_zero("quantity", quantity),
            "price": above_zero("price", price),
            "orderLinkId": order_link_id,
        }
        with self._venue.lock:
            order = setup.record_order(self._venue, self._venue.account(uid), fields)
            self._venue.settle()
            return order.order_id

    def place_order(self, uid: str, *, order_id: str = "", **fields: Any) -> str:  # noqa: ANN401 - the fields of order/create
        """Place an order with the fields of order/create, as the account's owner would.

        With an `order_id`, or with stopOrderType, cumExecQty or createdTime among the fields, this
        is `record_order`. Without a positionIdx the order gets the one that fits the position mode.

        Returns:
            The order id.

        Raises:
            ApiError: the exchange refuses the order.
        """
        if order_id or _RECORDED & set(fields):
            return self.record_order(uid, order_id=order_id, **fields)
        with self._venue.lock:
            account = self._venue.account(uid)
            made = writes.create(self._venue, account, setup.with_position_idx(account, fields))
            self._venue.settle()
            return made.order_id

    def record_order(self, uid: str, *, order_id: str = "", **fields: Any) -> str:  # noqa: ANN401 - the fields of order/create
        """Put an order into the book as recorded elsewhere: no filters, no matching on arrival.

        It accepts the fields of order/create, and stopOrderType, parentOrderLinkId, cumExecQty and
        createdTime.

        Returns:
            The order id.
        """
        with self._venue.lock:
            account = self._venue.account(uid)
            order = setup.record_order(self._venue, account, fields, order_id)
            self._venue.settle()
            return order.order_id

    def fill(self, uid: str, order_id: str, quantity: Exact | None = None) -> Decimal:
        """Fill a resting order at its price, wholly or in part.

        Returns:
            How much was filled.

        Raises:
            LookupError: the order is not in the book.
        """
        wanted = None if quantity is None else above_zero("quantity", quantity)
        with self._venue.lock:
            account = self._venue.account(uid)
            order = _open_order(account, order_id)
            if order.is_conditional:
                raise LookupError(f"order {order_id} waits for its trigger: set_price fires it")
            amount = order.leaves if wanted is None else min(wanted, order.leaves)
            done = fills.execute(self._venue, account, order, amount, order.price, maker=True)
            self._venue.settle()
            return done

    def trade(
        self, uid: str, symbol: str, side: str, quantity: Exact, *, closing: bool = False
    ) -> str:
        """Buy or sell at the market price, as the account's owner would in the app.

        Order, execution and position change as they do for any order, in the lists and on the
        streams. In one-way mode the trade may turn the position to the other side; with `closing`
        it is reduce-only, and in hedge mode it then reduces the other side's position.

        Returns:
            The order id.
        """
        fields = {
            "symbol": symbol,
            "side": side,
            "orderType": "Market",
            "qty": above_zero("quantity", quantity),
            "reduceOnly": closing,
        }
        with self._venue.lock:
            account, price = self._venue.account(uid), self._venue.prices[symbol]
            order = setup.record_order(self._venue, account, fields)
            fills.execute(self._venue, account, order, order.leaves, price, maker=False)
            self._venue.settle()
            return order.order_id

    def cancel_by_hand(self, uid: str, order_id: str) -> None:
        """Cancel an order as its owner would in the app.

        Raises:
            LookupError: no such order is open.
        """
        with self._venue.lock:
            account = self._venue.account(uid)
            order = _open_order(account, order_id)
            ledger.cancel(self._venue, account, order, CancelType.BY_USER)
            self._venue.settle()

    def show_order_as(self, uid: str, order_id: str, **fields: object) -> None:
        """Let the rows and stream items of an order show other values, as a newer Bybit would.

        The order itself stays as it is. Examples: `orderType="LimitMaker"`, `orderStatus="Held"`,
        `positionIdx="0"`.

        Raises:
            LookupError: no such order is open.
        """
        with self._venue.lock:
            account = self._venue.account(uid)
            order = _open_order(account, order_id)
            shown = replace(order, shown_as=tuple(fields.items()))
            ledger.put_order(self._venue, account, shown)
            self._venue.settle()

    def _set_apart(self, symbol: str, kind: TriggerBy, price: Exact | None) -> None:
        with self._venue.lock:
            self._venue.spec(symbol)
            apart = None if price is None else above_zero("price", price)
            path.move_apart(self._venue, symbol, kind, apart)
            self._venue.settle()

    def _take_over(
        self,
        uid: str,
        symbol: str,
        side: str,
        quantity: Exact | None,
        how: liquidation.Takeover,
        *,
        cancels: bool,
    ) -> None:
        account = self._venue.account(uid)
        position = setup.position_of(account, symbol, word(Side, "side", side))
        size = position.size if quantity is None else above_zero("quantity", quantity)
        liquidation.take_over(self._venue, account, position, size, how, cancels=cancels)
        self._venue.settle()


def _open_order(account: Account, order_id: str) -> SimOrder:
    order = account.orders.get(order_id)
    if order is None:
        raise LookupError(f"no open order {order_id} on account {account.uid}")
    return order
