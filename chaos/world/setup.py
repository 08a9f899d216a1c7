"""What is there when a history begins: accounts, contracts, positions, left-over orders."""

from collections.abc import Callable

from trueup.domain.model.record import Source
from trueup.testing import InProcessSimulator

from ..ledger.ledger import Ledger
from ..scene.scene import Scene, WatchedMonitor
from .observed_store import ObservedStore

START_MS = 1_737_809_937_842
BEFORE_MS = 10_000
BEGAN_MS = START_MS + BEFORE_MS
"""When the first move may happen."""


def set_up(
    scene: Scene,
    simulator: InProcessSimulator,
    store: ObservedStore,
    ledger: Ledger,
    log: Callable[[str], None],
) -> None:
    """Brings the exchange and the database to the state that the scene describes."""
    for account in scene.accounts:
        simulator.add_account(
            uid=account.name,
            api_key=account.api_key,
            api_secret=account.api_secret,
            hedge=account.position_mode.value == "hedge",
        )
    for spec, price in scene.instruments:
        simulator.add_instrument(spec, price)
    for watched in scene.monitors:
        key, account = watched.key, scene.account(watched.key.account)
        store.watch(key, account.role, account.follows, watched.ladder, source=Source.CONFIGURED)
        price = scene.base_price(key.symbol)
        simulator.open_position(account.name, key.symbol, key.side.value, watched.size, price)
        log(f"{key}: a position of {watched.size} at {price}")
        ledger.adopting = True
        _rest_left_over_orders(simulator, watched, START_MS - 10 - len(ledger.books))
        ledger.adopting = False


def _rest_left_over_orders(
    simulator: InProcessSimulator, watched: WatchedMonitor, at_ms: int
) -> None:
    """Puts the TP orders of an earlier bot on the exchange's book."""
    key = watched.key
    for number, quantity in enumerate(watched.left_over):
        level = watched.levels[number]
        simulator.record_order(
            key.account,
            symbol=key.symbol,
            side=key.side.opposite.value,
            orderType="Limit",
            qty=quantity,
            price=level.price,
            reduceOnly=True,
            orderLinkId=f"BOT_TP{level.number}_{key.symbol[:4]}_{at_ms}_{1000 + number}",
        )
