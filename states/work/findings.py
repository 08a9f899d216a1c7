"""What a run has learned beyond its record: a frozen value that states receive and return."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ...domain.copies import replace
from ...domain.model.instrument import ZERO, Instrument
from ...domain.model.observation import Observation
from ...domain.model.order import Order
from ...domain.model.protection import PositionStop
from ...domain.model.record import MonitorRecord, Origin, OwnedOrder, RunOutcome
from ...domain.planning.beyond_market import Market
from ...domain.planning.plan import Plan
from ...domain.planning.targets import Targets
from ...domain.ports import Moment


@dataclass(frozen=True, slots=True)
class Refusals:
    """What the exchange refused in this run, and what follows from it.

    Attributes:
        must_pause: whether the next round waits first: the exchange is busy, or did not answer.
        key_refused: whether the account's key was refused, so that a further round is of no use.
        rules_stale: whether values were refused by rules that may have changed: they are read again
            before the next plan.
        not_amendable: ids of orders that the exchange says cannot be amended.
        unchangeable: id and price of each order whose amend was refused by rules just read, or got
            the same answer twice: at that price it stays in this run.
        immovable: ids of those of them whose amend was to another price.
        unplaceable: level parts whose place was refused for good.
        no_room: ids of intents that the position had no room for, since the last read.
        in_vain: ids of amends whose orders did not grow, though the exchange had accepted that.
        stops: what the position's stop could not be set to.
        crossed: whether that was because the market is past it.
    """

    must_pause: bool = False
    key_refused: bool = False
    rules_stale: bool = False
    not_amendable: frozenset[str] = frozenset()
    unchangeable: frozenset[tuple[str, Decimal]] = frozenset()
    immovable: frozenset[str] = frozenset()
    unplaceable: frozenset[tuple[int, int]] = frozenset()
    no_room: frozenset[str] = frozenset()
    in_vain: frozenset[str] = frozenset()
    stops: frozenset[PositionStop] = frozenset()
    crossed: bool = False

    def __or__(self, other: "Refusals") -> "Refusals":
        """These refusals together with the others."""
        return Refusals(
            must_pause=self.must_pause or other.must_pause,
            key_refused=self.key_refused or other.key_refused,
            rules_stale=self.rules_stale or other.rules_stale,
            not_amendable=self.not_amendable | other.not_amendable,
            unchangeable=self.unchangeable | other.unchangeable,
            immovable=self.immovable | other.immovable,
            unplaceable=self.unplaceable | other.unplaceable,
            no_room=self.no_room | other.no_room,
            in_vain=self.in_vain | other.in_vain,
            stops=self.stops | other.stops,
            crossed=self.crossed or other.crossed,
        )


NOTHING_REFUSED = Refusals()


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run knows beyond its record, for as long as the run lasts.

    Attributes:
        rounds: how often the run went back to Validating.
        resumed: whether a process that died started the run, and no read has shown its writes yet.
        began: when Validating first began.
        instrument: the symbol's rules.
        rules_since: they were read from the exchange later than that; None where a cache may have
            kept them for long.
        rules_reread: whether they were read again after values were refused.
        market: where the market is, by the last read of the exchange since Validating last began;
            None before that, and where it does not matter.
        market_asked: whether the exchange was read for that.
        mark_price: by the last read of the exchange, for people; 0 where none has shown it.
        targets: what should rest, according to the last plan that was followed.
        plan: what is still to be done according to it.
        falls_short: whether that leaves a part of the position uncovered for want of an order that
            the exchange would take, or an order above it that the exchange refuses to shrink.
        announced: ids of the intents announced since Validating last began: only these are sent.
            An intent of an earlier round may be for a position that has moved since.
        adjusted: how the last plan's targets were adjusted: merges, splits, levels armed again.
        unsure: whether nobody can say yet if the position is still the one on record.
        size_known: whether the last read of the position succeeded.
        shows_open: whether the last read showed it open, usable or not, since the exchange was last
            asked anew.
        opposite: in one-way mode the size of a position of the other side; else 0.
        counted: by order link id, what had filled when the record's position was read.
        verified: whether the last read of the position showed the orders, too.
        refusals: what the exchange refused.
        vanished: link ids of owned orders that did exist, and that neither the last read nor a
            look-up has shown.
        recovered: whether the record was completed in this run.
        beside: the quantities of external reduce-only orders that close the position too.
        others: orders that are not on record and close the position like a TP, conditional and
            native ones included; None before a read of the orders.
        sent_for: the position's size for which writes were sent last.
        seen: a read that Placing has just made, for Validating to go on from.
        cut_short: whether the run was spent while it waited for an earlier write to take effect:
            nothing is decided on its last read.
        held: why writes were held back since Validating last began; empty if none were.
        sets_stop: id of the intent that sets the position's stop, announced since Validating last
            began; empty for none.
        shrunk_to: the size of the position, smaller than its stop, that a read has shown and
            another one has to confirm; None before.
        prices_read: whether the market's range since the stop's rules were last reckoned was asked
            for.
        fees_unread: whether the position's trades could not be read for the fees of its entries.
        unplanned: whether the run ends before it has compared the orders with the ladder.
        closes: id of the intent that closes a part of the position, announced since Validating last
            began; empty for none.
        closed_before: what that close had closed before its last request; None before the first.
        close_room: whether the exchange counts what rests against the close.
        no_close: whether the run sends no further request of a close.
        entries: ids of the intents that cancel entries, announced since Validating last began.
        tried: the exchange's ids of the entries that this run asks to be cancelled no more.
        entries_left: the link ids of entries that are to go, and that the last read shows resting.
        adopted: how many live orders Recovering put on record since Validating last began.
    """

    rounds: int = 0
    resumed: bool = False
    began: Moment | None = None
    instrument: Instrument | None = None
    rules_since: Moment | None = None
    rules_reread: bool = False
    market: Market | None = None
    market_asked: bool = False
    mark_price: Decimal = ZERO
    targets: Targets | None = None
    plan: Plan | None = None
    falls_short: bool = False
    announced: frozenset[str] = frozenset()
    adjusted: tuple[str, ...] = ()
    unsure: bool = False
    size_known: bool = False
    shows_open: bool = False
    opposite: Decimal = ZERO
    counted: Mapping[str, Decimal] = field(default_factory=dict)
    verified: bool = True
    refusals: Refusals = NOTHING_REFUSED
    vanished: frozenset[str] = frozenset()
    recovered: bool = False
    beside: tuple[Decimal, ...] = ()
    others: tuple[Order, ...] | None = None
    sent_for: Decimal | None = None
    seen: Observation | None = None
    cut_short: bool = False
    held: str = ""
    adopted: int = 0
    sets_stop: str = ""
    shrunk_to: Decimal | None = None
    prices_read: bool = False
    fees_unread: bool = False
    unplanned: bool = False
    closes: str = ""
    closed_before: Decimal | None = None
    close_room: bool = False
    no_close: bool = False
    entries: frozenset[str] = frozenset()
    tried: frozenset[str] = frozenset()
    entries_left: tuple[str, ...] = ()

    @property
    def must_act(self) -> bool:
        """Whether a level is withheld that the user has to act on, or that nobody can judge."""
        withheld = self.targets.withheld if self.targets else ()
        waits = any(not one.is_runner for one in withheld)
        return waits and self.market is not None and self.market.must_act

    def at_first(self, record: MonitorRecord) -> "Findings":
        """These findings with what the record says before anything was read."""
        return replace(self, counted=counted_in(record))

    def next_round(self) -> "Findings":
        """These findings with one more round begun."""
        return replace(self, rounds=self.rounds + 1)

    def refused(self, refusals: Refusals) -> "Findings":
        """These findings with further refusals."""
        if refusals == NOTHING_REFUSED:
            return self
        return replace(self, refusals=self.refusals | refusals)

    def filled_since(self, record: MonitorRecord) -> Decimal:
        """What the orders have filled since the position on record was read."""
        return sum([self.filled_by(order) for order in record.orders], ZERO)

    def filled_by(self, order: OwnedOrder) -> Decimal:
        """What one of them has.

        The fills of an adopted order were in the position before it came onto the record.
        """
        counted = self.counted.get(order.order_link_id)
        return order.filled - (_before(order) if counted is None else counted)


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a state's work.

    Attributes:
        event: for the chart: which state follows.
        detail: why, for the journal.
        found: what the run knows now.
        outcome: of the run, where something other than its intents decides it.
        reason: why the run cannot go on; empty where it can.
    """

    event: str
    detail: str
    found: Findings
    outcome: RunOutcome | None = None
    reason: str = ""


def counted_in(record: MonitorRecord) -> Mapping[str, Decimal]:
    """What each order on record has filled: a position that is read now includes it."""
    return {order.order_link_id: order.filled for order in record.orders}


def _before(order: OwnedOrder) -> Decimal:
    """What an order had filled that was not on record: all of it, if somebody else placed it."""
    return order.filled if order.origin is Origin.ADOPTED else ZERO
