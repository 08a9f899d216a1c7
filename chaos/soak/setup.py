"""The scene of a soak: accounts, contracts, positions and external orders."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trueup.domain.model.identity import MonitorKey, PositionMode, Role, Side
from trueup.domain.model.ladder import Ladder
from trueup.domain.venue.account import Account
from trueup.simulator import Behaviour, InstrumentSpec, Simulator, VirtualClock
from trueup.simulator.market.venue import real_ms

from ..scene.drawing import draw_ladder
from ..scene.scene import Scene, WatchedMonitor
from ..scene.seeded_random import SeededRandom

_CONTRACTS = (
    ("BANDUSDT", "0.1", "0.0001", "0.7000"),
    ("ENAUSDT", "1", "0.0001", "0.6000"),
    ("ZRXUSDT", "10", "0.0001", "0.4000"),
)
_BEHAVIOUR = Behaviour(ip_limit=False)
_SIZE = 200
_FAR = 2000


@dataclass(frozen=True, slots=True)
class ExternalOrder:
    """An order of somebody else, which must stay as it is."""

    uid: str
    order_id: str


def draw_soak_scene(random: SeededRandom, url: str) -> Scene:
    """Draws a main account and two mirrors, one in hedge mode, with three positions each.

    Every position is large enough for orders, so that a correct ladder covers all of it.
    """
    instruments = tuple(_contract(*contract) for contract in _CONTRACTS)
    accounts = (
        Account("main", "main-key", "main-secret", environment=url),
        _mirror("mirror", PositionMode.ONE_WAY, url),
        _mirror("mirror2", PositionMode.HEDGE, url),
    )
    monitors: list[WatchedMonitor] = []
    for spec, price in instruments:
        side = random.choice(tuple(Side))
        for account in accounts:
            ladder = draw_ladder(random, side, spec, price)
            key = MonitorKey(account.name, spec.symbol, side)
            size = spec.step * random.between(_SIZE // 2, _SIZE)
            monitors.append(WatchedMonitor(key, ladder, size, ladder.levels))
    return Scene(
        accounts=accounts,
        instruments=instruments,
        monitors=tuple(monitors),
        behaviour=_BEHAVIOUR,
        latency_ms=0,
        order_page=50,
        batch_size=10,
        conditional_orders=True,
        is_live=True,
    )


def open_exchange(seed: int) -> Simulator:
    """Opens a simulator on the real clock."""
    return Simulator(clock=VirtualClock(real_ms()), behaviour=_BEHAVIOUR, seed=f"soak-{seed}")


def open_accounts(sim: Simulator, scene: Scene) -> None:
    """Adds the accounts and the contracts."""
    for account in scene.accounts:
        sim.add_account(
            uid=account.name,
            api_key=account.api_key,
            api_secret=account.api_secret,
            hedge=account.position_mode is PositionMode.HEDGE,
        )
    for spec, price in scene.instruments:
        sim.add_instrument(spec, price)


def open_positions(sim: Simulator, scene: Scene) -> tuple[ExternalOrder, ...]:
    """Opens the positions, and places external orders beside them, which are returned."""
    found: list[ExternalOrder] = []
    for watched in scene.monitors:
        key, price = watched.key, scene.base_price(watched.key.symbol)
        sim.open_position(key.account, key.symbol, key.side.value, watched.size, price)
        found += [_external(sim, scene, key, name) for name in ("my-own", "")]
    return tuple(found)


def _mirror(name: str, mode: PositionMode, url: str) -> Account:
    return Account(
        name,
        f"{name}-key",
        f"{name}-secret",
        role=Role.MIRROR,
        follows="main",
        position_mode=mode,
        environment=url,
    )


def _contract(symbol: str, step: str, tick: str, price: str) -> tuple[InstrumentSpec, Decimal]:
    spec = InstrumentSpec(
        symbol=symbol,
        tick=tick,
        step=step,
        min_quantity=step,
        max_quantity="10000000",
        min_notional="0",
    )
    return spec, Decimal(price)


def _external(sim: Simulator, scene: Scene, key: MonitorKey, name: str) -> ExternalOrder:
    """Places an entry so far away that it never fills; it outlives its position."""
    spec, base = scene.spec(key.symbol), scene.base_price(key.symbol)
    away = spec.tick * _FAR * (1 if key.side is Side.BUY else -1)
    fields: dict[str, Any] = {
        "symbol": key.symbol,
        "side": key.side.value,
        "orderType": "Limit",
        "qty": spec.step * 7,
        "price": base - away,
        "orderLinkId": f"{name}-{key.account}-{key.symbol}" if name else "",
    }
    return ExternalOrder(key.account, sim.record_order(key.account, **fields))


def new_ladder(random: SeededRandom, scene: Scene, key: MonitorKey) -> Ladder:
    """Another random ladder for a monitor."""
    return draw_ladder(random, key.side, scene.spec(key.symbol), scene.base_price(key.symbol))
