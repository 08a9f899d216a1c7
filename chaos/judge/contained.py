"""P8: what goes wrong with one row or one contract concerns no other."""

from decimal import Decimal
from typing import Any

from trueup.domain.model.instrument import ZERO
from trueup.testing import ApiRequest, ApiResponse

from ..ledger.book import Book
from ..scene.scene import Scene
from .promise import Promise

_POSITION_MOVED = "the position was"
_SLACK_MS = 5000
_RULES = "/v5/market/instruments-info"
_UNKNOWN_SYMBOL = 10001


class SweepsSee(Promise):
    """Once all faults are over, sweeps read each account, whatever rows and contracts it has.

    The last sweep of an account shows no position that was not there: what it calls a drift is a
    size that the position had when the sweep began, or five seconds before, or later.
    """

    name = "P8 sweeps see"

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Checks the last sweep of the monitor's account."""
        del at_ms
        sweep = self.ledger.sweeps.get(book.key.account)
        if sweep is None:
            return
        if sweep.unreadable:
            self.broken(book.key, f"the last sweep was blind: {sweep.unreadable}")
        drift = sweep.drifted.get(book.key, "")
        began_ms = int(sweep.at.timestamp() * 1000) - _SLACK_MS
        true = self.ledger.since(book.sizes, began_ms) or [ZERO]
        if drift.startswith(_POSITION_MOVED) and Decimal(drift.split()[-1]) not in true:
            self.broken(book.key, f"the last sweep was wrong: {drift}")


class HaltedIsLeftAlone(Promise):
    """No write leaves for a contract that the engine was shown to take no orders, or to be gone."""

    name = "P8 a halted contract is left alone"

    def set_scene(self, scene: Scene) -> None:
        """No contract is known to be halted yet."""
        self._takes_orders = dict.fromkeys((spec.symbol for spec, _ in scene.instruments), True)

    def on_reply(self, request: ApiRequest, reply: ApiResponse, *, received: bool) -> None:
        """Notes the statuses that the engine was shown.

        No row for the symbol that was asked for: there is no such contract. A list of all
        contracts lacks those that do not trade.
        """
        if request.path != _RULES or not received or reply.answer.code not in (0, _UNKNOWN_SYMBOL):
            return
        rows = () if reply.answer.code else reply.answer.result["list"]
        shown = {row["symbol"]: _takes_orders(row) for row in rows}
        asked = request.fields.get("symbol")
        self._takes_orders |= shown if asked is None else {asked: shown.get(asked, False)}

    def before_request(self, request: ApiRequest) -> None:
        """Checks a write that is about to leave."""
        if not request.is_write:
            return
        for symbol in sorted({item["symbol"] for item in request.fields.get("request", ())}):
            if not self._takes_orders[symbol]:
                self.broken(f"{request.uid} {symbol}", f"{request.path} left")


def _takes_orders(row: dict[str, Any]) -> bool:
    phase = (row["preListingInfo"] or {}).get("curAuctionPhase")
    is_pre_market = row["status"] == "PreLaunch" and phase == "ContinuousTrading"
    return row["status"] == "Trading" or is_pre_market
