"""The story of the demo: six acts on one exchange."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from ... import Ladder, MonitorRecord, Reconciler
from ...adapters.bybit import BybitExchange, BybitSettings
from ...adapters.notify import CallableSink
from ...simulator import Behaviour, Fault, FaultKind, InstrumentSpec, Simulator, SimulatorServer
from .accounts import MAIN, MIRROR, accounts
from .live import LiveAct
from .screen import Screen
from .stop_act import StopAct

LADDER = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 5), ("0.6000", 5))
KSM = (("17.20", "1.7"), ("18.10", "0.1"), ("19.00", "0.1"), ("20.00", "0.1"))
_READS_LAG = 600


def play(database: Path, *, pause: bool) -> None:
    """Plays the six acts and shows where to look afterwards.

    Four in virtual time, run by run; then in real time a reconciler that runs by itself, and a
    process that is killed.
    """
    screen = Screen(pause=pause)
    sim = _exchange()
    patience = BybitSettings(read_timeout=timedelta(seconds=2))
    with (
        SimulatorServer(sim, port=0) as server,
        Reconciler(
            f"sqlite:///{database}",
            accounts=accounts(server.url),
            clock=sim.clock,
            sinks=[CallableSink(lambda alert: screen.alert(alert.text))],
            connect=lambda account: BybitExchange(account, patience, clock=sim.clock),
        ) as reconciler,
    ):
        screen.title("trueup: the resting take-profit orders equal the ladder, whatever happens")
        mirror = _act_one(screen, sim, reconciler)
        _act_two(screen, sim, reconciler)
        _act_three(screen, sim, reconciler)
        _act_four(screen, sim, reconciler, mirror)
    _act_five(screen, sim, database)
    _act_six(screen, sim, database)
    screen.show_questions(database)


def _act_one(screen: Screen, sim: Simulator, reconciler: Reconciler) -> MonitorRecord:
    """The main job: entries filled while two of the stored orders went stale."""
    sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    mirror = reconciler.watch("mirror", "BANDUSDT", "Sell", LADDER)
    with screen.unseen():
        reconciler.reconcile(mirror)
    for order in sim.orders(MIRROR, "BANDUSDT")[2:]:
        sim.cancel_by_hand(MIRROR, order.order_id)
    sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    screen.act(
        1,
        "A mirror's short on BANDUSDT grows from 307.3 to 921.9 by entry fills. "
        "Of its four orders on record, two were cancelled behind its back.",
    )
    _run(screen, reconciler, mirror)
    return mirror


def _act_two(screen: Screen, sim: Simulator, reconciler: Reconciler) -> None:
    """A wiped record: the orders live, and all their ids say TP4."""
    sim.open_position(MIRROR, "KSMUSDT", "Buy", "2.0", "16.40")
    for number, (price, quantity) in enumerate(KSM):
        sim.place_order(
            MIRROR,
            symbol="KSMUSDT",
            side="Sell",
            orderType="Limit",
            qty=quantity,
            price=price,
            reduceOnly=True,
            orderLinkId=f"MIR_TP4_KSMUSDT_175371016305{number}",
        )
    sim.open_position(MIRROR, "KSMUSDT", "Buy", "4.0", "16.40")
    screen.act(
        2,
        "The record of a mirror's long on KSMUSDT is empty: no ladder, no orders. "
        "Its orders rest at the exchange, sized for a third of the position, "
        "and every id says TP4. Price rank decides.",
    )
    _run(screen, reconciler, reconciler.watch("mirror", "KSMUSDT", "Buy"))


def _act_three(screen: Screen, sim: Simulator, reconciler: Reconciler) -> None:
    """110072: the reply is lost, reads lag, the resend carries the same ids."""
    sim.open_position(MAIN, "BANDUSDT", "Sell", "2400", "0.6800")
    main = reconciler.watch("main", "BANDUSDT", "Sell", LADDER)
    sim.behaviour = replace(sim.behaviour, visible_delay_ms=_READS_LAG)
    sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/create"))
    screen.act(
        3,
        "The main account's orders reach the exchange, but the reply is lost, and reads lag "
        "behind. trueup sends them again under the same ids: 110072, and no order twice.",
    )
    _run(screen, reconciler, main)


def _act_four(
    screen: Screen, sim: Simulator, reconciler: Reconciler, mirror: MonitorRecord
) -> None:
    """110001: somebody cancels the very order that has to go."""
    shorter = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 10))
    reconciler.watch("mirror", "BANDUSDT", "Sell", shorter)
    farthest = min(sim.orders(MIRROR, "BANDUSDT"), key=lambda order: order.price)
    sim.cancel_by_hand(MIRROR, farthest.order_id)
    screen.act(
        4,
        "The ladder is edited to three levels while somebody cancels TP4 in the app: "
        "110001, order not exists or too late to cancel. It is looked up, not guessed.",
    )
    _run(screen, reconciler, mirror)


def _act_five(screen: Screen, sim: Simulator, database: Path) -> None:
    """Live: nobody calls, the loop learns of a fill and corrects the ladder."""
    act = LiveAct(screen, sim, MIRROR, "ENAUSDT")
    screen.act(
        5,
        "Now trueup runs by itself: nobody calls it. It listens to the accounts' private streams, "
        "through the real pybit over WebSocket, and sweeps. A mirror's short on ENAUSDT grows.",
    )
    with SimulatorServer(sim, port=0, follow_wall=True) as server:
        act.play(database, accounts(server.url), LADDER)


def _act_six(screen: Screen, sim: Simulator, database: Path) -> None:
    """A stop, and kill -9 between its request and the reply."""
    act = StopAct(screen, sim, "JTOUSDT", database)
    screen.act(
        6,
        "A mirror is short on JTOUSDT from 0.68, its main from 0.672. The mirror's stop is 5 % "
        "away, and goes to breakeven after TP1, 0.08 % beyond its own entry: to 0.6794. The "
        "process that moves it is killed between request and reply.",
    )
    act.play(LADDER)


def _run(screen: Screen, reconciler: Reconciler, monitor: MonitorRecord) -> None:
    report = reconciler.reconcile(monitor)
    screen.run(report)
    levels = reconciler.store.rows(
        "level_status",
        account=report.key.account,
        symbol=report.key.symbol,
        side=report.key.side,
    )
    screen.ladder(report, levels)


def _exchange() -> Simulator:
    sim = Simulator(behaviour=Behaviour(rate_limits=False, ip_limit=False))
    sim.add_account(uid=MAIN, api_key="demo-main", api_secret="demo-main-secret")  # noqa: S106 - the simulator's keys are no secrets
    sim.add_account(uid=MIRROR, api_key="demo-mirror", api_secret="demo-mirror-secret")  # noqa: S106 - the simulator's keys are no secrets
    for symbol in ("BANDUSDT", "ENAUSDT", "JTOUSDT"):
        spec = InstrumentSpec(
            symbol=symbol, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
        )
        sim.add_instrument(spec, price="0.7000")
    ksm = InstrumentSpec(
        symbol="KSMUSDT",
        tick="0.01",
        step="0.1",
        min_quantity="0.1",
        max_quantity="5000",
        min_notional="1",
    )
    sim.add_instrument(ksm, price="16.50")
    return sim
