"""What a second engine does: it places orders with ids like ours."""

from dataclasses import dataclass

from trueup.domain.model.identity import Role
from trueup.domain.recognition.link_ids import make_link_id
from trueup.domain.venue.exchange_facts import LinkIdForm

from ...world.world import World
from .move import MonitorMove


@dataclass(frozen=True, slots=True)
class PlaceLikeOurs(MonitorMove):
    """A second engine places a take-profit, with an id as trueup makes them.

    Attributes:
        place: the level of the monitor's ladder beside which it stands.
        ticks: how far from the level's price; 0 for exactly there.
        steps: its quantity.
        digits: of its id.
    """

    place: int
    ticks: int
    steps: int
    digits: int

    @property
    def description(self) -> str:
        """One line for the story."""
        where = f"{self.ticks} ticks from TP number {self.place}"
        return f"a second engine places an order {where} of monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Places the order, if there is a position."""
        watched, ledger = self.watched(world), world.judge.ledger
        key, book = watched.key, ledger.books[watched.key]
        if not book.size:
            return
        spec = world.scene.spec(key.symbol)
        ladder = book.record.ladder
        levels = ladder.levels if ladder else watched.levels
        level = levels[self.place % len(levels)]
        form, at_ms = LinkIdForm(max_length=36, alphabet="A-Za-z0-9_-"), world.now_ms()
        link_id = make_link_id(form, Role.MAIN, level.number, key.symbol, at_ms, self.digits)
        before, ledger.adopting = ledger.adopting, True
        try:
            world.simulator.record_order(
                key.account,
                symbol=key.symbol,
                side=book.closing,
                orderType="Limit",
                qty=spec.step * self.steps,
                price=level.price + spec.tick * self.ticks,
                reduceOnly=True,
                orderLinkId=link_id,
                positionIdx=book.index,
            )
        finally:
            ledger.adopting = before
        ledger.like_ours.add(link_id)
        world.log(f"👥 {key}: {self.description}: {link_id}")
