"""What is there when a history begins: accounts, contracts, positions, left-over orders."""

from collections.abc import Callable
from datetime import UTC, datetime

from trueup.domain.keys.facts import KeyRecord, fingerprint_of
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import Source
from trueup.simulator.api.user import user_id
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
    if scene.twin is not None:
        simulator.add_key(
            uid=scene.accounts[0].name,
            api_key=scene.twin.api_key,
            api_secret=scene.twin.api_secret,
        )
    for spec, price in scene.instruments:
        simulator.add_instrument(spec, price)
    for watched in scene.monitors:
        key, account = watched.key, scene.account(watched.key.account)
        store.watch(
            key,
            account.role,
            account.follows,
            watched.ladder,
            source=Source.CONFIGURED,
            stop=watched.stop,
        )
        price = scene.base_price(key.symbol)
        simulator.open_position(account.name, key.symbol, key.side.value, watched.size, price)
        log(f"{key}: a position of {watched.size} at {price}")
        ledger.adopting = True
        _rest_left_over_orders(simulator, watched, START_MS - 10 - len(ledger.books))
        ledger.adopting = False
    if scene.twin is not None:
        _put_twin_aside(scene, store)


def _put_twin_aside(scene: Scene, store: ObservedStore) -> None:
    """Watches everything under the second name too; whose the first key is, is on record.

    Without the record the first name to be identified would have the UID, whichever it is.
    """
    first = scene.accounts[0]
    uid, read_at = str(user_id(first.name)), datetime.fromtimestamp(START_MS // 1000, UTC)
    store.key_read(KeyRecord(fingerprint_of(first), first.name, uid, read_at))
    for watched in scene.twins:
        store.watch_aside(watched.key, watched.ladder or Ladder(watched.levels))


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
