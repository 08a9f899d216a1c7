"""A freqtrade strategy that hands its exits to trueup.

freqtrade decides when to enter. As soon as an entry has filled, trueup keeps a ladder of
take-profits and a stop at the exchange, also while freqtrade sleeps between its loops or is down.
What happens to the position comes back as trueup's events, and freqtrade's own trade is booked
from them: each exit at its price, with its fee.
"""

import atexit
import logging
import os
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Any, NamedTuple

from freqtrade.persistence import Order, Trade
from freqtrade.strategy import IStrategy
from pandas import DataFrame

from trueup import (
    Account,
    Event,
    LevelFilled,
    MonitorKey,
    PositionClosed,
    Reconciler,
    RuleLadder,
    Stop,
)

LADDER = RuleLadder.of((1, 50), (2, 30), (3, 20))
STOP = Stop.of(percent=2, moving_target=1)
ACCOUNT = "freqtrade"
KEY, SECRET = "FREQTRADE__EXCHANGE__KEY", "FREQTRADE__EXCHANGE__SECRET"
"""freqtrade's own names of the variables with the keys; it shows strategies none of its own."""

logger = logging.getLogger(__name__)


class Report(NamedTuple):
    """What freqtrade's thread is to book: one order's fills, or all that it does not have yet."""

    symbol: str
    reason: str
    order_link_id: str = ""


class TrueupStrategy(IStrategy):
    """Enters with every candle, one trade an hour; put your own signal in its place."""

    INTERFACE_VERSION = 3
    timeframe = "1m"
    startup_candle_count = 5
    can_short = False
    # trueup exits, freqtrade does not: these are out of reach.
    stoploss = -0.99
    minimal_roi = {"0": 100.0}
    use_exit_signal = False

    def bot_start(self, **kwargs: Any) -> None:
        """Start trueup beside freqtrade, on the same account."""
        own = self.config["trueup"]
        key, secret = os.environ[KEY], os.environ[SECRET]
        account = Account(ACCOUNT, key, secret, environment=own["environment"])
        self.reports: SimpleQueue[Report] = SimpleQueue()
        for trade in Trade.get_open_trades():
            self.reports.put(Report(self._symbol(trade.pair), "trueup, while freqtrade was down"))
        self.reconciler = Reconciler(own["database"], accounts=[account])
        atexit.register(self.reconciler.close)
        self.reconciler.start(on_event=self.happened)

    def happened(self, monitor: MonitorKey, event: Event) -> None:
        """What trueup calls, in a thread of its own: hand it over to freqtrade's."""
        match event:
            case LevelFilled():
                reason = f"trueup TP{event.level}"
                self.reports.put(Report(monitor.symbol, reason, event.order_link_id))
            case PositionClosed():
                self.reports.put(Report(monitor.symbol, f"trueup {event.cause.value}"))

    def order_filled(
        self, pair: str, trade: Trade, order: Order, current_time: datetime, **kwargs: Any
    ) -> None:
        """An entry has filled: from here on trueup keeps its ladder and its stop."""
        if order.ft_order_side == trade.entry_side:
            side = "Sell" if trade.is_short else "Buy"
            self.reconciler.watch(ACCOUNT, self._symbol(pair), side, LADDER, stop=STOP)

    def bot_loop_start(self, current_time: datetime, **kwargs: Any) -> None:
        """Book what trueup has reported since the last loop."""
        while not self.reports.empty():
            self._book(self.reports.get(), current_time)

    def _book(self, report: Report, now: datetime) -> None:
        """Give freqtrade's trade the exits that it does not have yet.

        The report says that there are some. Which ones is read from the exchange, so that none is
        booked twice, or left out after a restart.
        """
        for trade in Trade.get_open_trades():
            if self._symbol(trade.pair) != report.symbol:
                continue
            known = {order.order_id for order in trade.orders}
            since = trade.open_date_utc - timedelta(seconds=10)
            for found in self.dp._exchange.fetch_orders(trade.pair, since):
                is_exit = found["side"] == trade.exit_side and found["filled"]
                is_meant = report.order_link_id in {"", found["clientOrderId"]}
                is_over = found["status"] != "open"
                if is_exit and is_meant and is_over and found["id"] not in known:
                    self._exit(trade, found, report.reason, since)
            if not trade.is_open:
                self.lock_pair(trade.pair, now + timedelta(hours=1), "one trade an hour")
                self.wallets.update()

    def _exit(self, trade: Trade, found: dict[str, Any], reason: str, since: datetime) -> None:
        """Book one exit, with the fee that its executions have paid."""
        order = Order.parse_from_ccxt_object(found, trade.pair, trade.exit_side)
        executions = self.dp._exchange.get_trades_for_order(found["id"], trade.pair, since)
        fee = sum(each["fee"]["cost"] for each in executions)
        trade.update_fee(fee, trade.stake_currency, fee / found["cost"], trade.exit_side)
        trade.orders.append(order)
        trade.exit_reason = reason
        trade.update_trade(order)
        Trade.commit()
        logger.info("%s: %s %s at %s", reason, trade.pair, order.safe_filled, order.safe_price)

    def _symbol(self, pair: str) -> str:
        return str(self.dp.market(pair)["id"])

    def leverage(self, *args: Any, **kwargs: Any) -> float:
        """Five times."""
        return 5.0

    def populate_indicators(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        """None are needed."""
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        """A long with every candle."""
        dataframe["enter_long"] = 1
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        """None: trueup exits."""
        return dataframe
