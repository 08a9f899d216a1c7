"""A freqtrade strategy without trueup: the same levels and stop, by freqtrade's own means.

freqtrade has no take-profit that rests at the exchange: `adjust_trade_position` sells the first
half in its loop. Its stop rests at the exchange (`stoploss_on_exchange`), and `custom_stoploss`
moves it to the entry after that, as its documentation shows.
"""

from datetime import datetime
from typing import Any

from freqtrade.persistence import Trade
from freqtrade.strategy import IStrategy, stoploss_from_open
from pandas import DataFrame

_LEVERAGE = 5.0
_FIRST_LEVEL, _PART = 1.0099, 0.5
"""1 % above the entry, less the spread between the last price and the bid."""


class OwnStop(IStrategy):  # type: ignore[misc] # freqtrade is not installed here
    """Enters with every candle; half goes at 1 %, the stop is at 2 %, then at the entry."""

    INTERFACE_VERSION = 3
    timeframe = "1m"
    startup_candle_count = 5
    can_short = False
    stoploss = -0.02 * _LEVERAGE
    minimal_roi = {"0": 100.0}  # noqa: RUF012 - freqtrade says how
    use_exit_signal = False
    use_custom_stoploss = True
    position_adjustment_enable = True
    order_types = {  # noqa: RUF012 - freqtrade says how
        "entry": "market",
        "exit": "market",
        "stoploss": "market",
        "stoploss_on_exchange": True,
    }

    def custom_stoploss(
        self,
        pair: str,
        trade: Trade,
        current_time: datetime,
        current_rate: float,
        current_profit: float,
        **kwargs: Any,  # noqa: ANN401 - freqtrade says how
    ) -> float | None:
        """At the entry, once the first half is sold."""
        del pair, current_time, current_rate, kwargs
        if not trade.nr_of_successful_exits:
            return None
        return float(stoploss_from_open(0, current_profit, trade.is_short, trade.leverage))

    def adjust_trade_position(
        self,
        trade: Trade,
        current_time: datetime,
        current_rate: float,
        current_profit: float,
        **kwargs: Any,  # noqa: ANN401 - freqtrade says how
    ) -> float | None:
        """Sell the first half, once."""
        del current_time, current_profit, kwargs
        if trade.nr_of_successful_exits or current_rate < trade.open_rate * _FIRST_LEVEL:
            return None
        return -_PART * float(trade.stake_amount)

    def leverage(self, *args: Any, **kwargs: Any) -> float:  # noqa: ANN401 - freqtrade says how
        """Five times."""
        del args, kwargs
        return _LEVERAGE

    def populate_indicators(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        """None are needed."""
        del metadata
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        """A long with every candle."""
        del metadata
        dataframe["enter_long"] = 1
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        """None: the stop exits."""
        del metadata
        return dataframe
