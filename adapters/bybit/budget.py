"""What one account may send: a rolling second for each endpoint, and a share of the address's.

Whoever may not leave yet waits for his turn: at an endpoint in the sequence of coming, at the
address by priority. A turn comes when there is room for all that go before and for oneself, so
nobody is woken by anybody: each sleeps until a moment that he can work out alone. That holds on a
clock that moves only while somebody sleeps, too.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from .budget_window import RollingWindow
from .clock import MICROSECOND
from .endpoints import Endpoint
from .ip_budget import MARGIN, IpBudget, Turn
from .limit_headers import Told

SECOND: Final = timedelta(seconds=1)
BAN: Final = timedelta(minutes=10)
"""How long an address stays silent after HTTP 403; nothing that is told is believed beyond."""

# A batch is cut to use up a second, but not to gain less than this.
_NOT_WORTH_A_CUT: Final = timedelta(milliseconds=20) // MICROSECOND
_TRIPS: Final = 256
_NO_TRIP: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Permit:
    """A request that leaves now.

    Attributes:
        units: how many orders it may carry.
        left: when, by the budget's clock.
        turn: whose it was; the rest of a batch that was cut keeps it.
    """

    endpoint: Endpoint
    units: int
    left: int
    turn: Turn


@dataclass(frozen=True, slots=True)
class NotNow:
    """Nothing may leave for longer than anybody should wait."""

    why: str


@dataclass(frozen=True, slots=True)
class Limit:
    """How one budget stands, for people.

    Attributes:
        name: of the endpoint, as pybit calls it; ``address`` for what all accounts share.
        limit: units in a second; for the address, requests in five.
        used: of them, now.
        waiting: requests that wait for their turn there.
        held_for: for how long nothing leaves, because the exchange said so.
    """

    name: str
    limit: int
    used: int
    waiting: int
    held_for: timedelta


class _Desk:
    """One endpoint: its window, who waits there, and how long its requests are under way."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.priority = endpoint.priority
        self.window = RollingWindow(endpoint.limit, (SECOND + MARGIN) // MICROSECOND)
        self.waiting: dict[Turn, int] = {}
        self.why_held = ""
        self._fastest = [_NO_TRIP, _NO_TRIP]
        self._trips = 0

    def fastest(self, trip: int) -> int:
        """The quickest of the last few hundred round trips, after one more.

        No way there and back is shorter, be it of two requests: what arrived later than the reply
        less that much cannot be overtaken by what leaves a second later.
        """
        if self._trips == _TRIPS:
            self._fastest, self._trips = [_NO_TRIP, self._fastest[0]], 0
        self._trips += 1
        self._fastest[0] = min(self._fastest[0], trip)
        return min(self._fastest)

    def offer(self, now: int, turn: Turn, units: int, *, whole: bool) -> tuple[int, int]:
        """When something may leave, and how much of it.

        Whole, or as much as there is room for if the rest would come much later.
        """
        ahead = 0
        if self.waiting:
            ahead = sum(wanted for other, wanted in self.waiting.items() if other < turn)
        begins = self.window.earliest(now, ahead + units)
        if whole or begins <= now + _NOT_WORTH_A_CUT:
            return begins, units
        room = self.window.free(now) - ahead
        if room > 0:
            return now, room
        return self.window.earliest(now, ahead + 1), units


class AccountBudget:
    """The budgets of one account. Safe for threads; costs microseconds where nobody waits.

    Args:
        ip: the address's, with the clock.
        patience: how long a request may wait for its turn.
    """

    def __init__(self, ip: IpBudget, patience: timedelta) -> None:
        self._ip = ip
        self._patience = patience // MICROSECOND
        self._desks = {endpoint: _Desk(endpoint) for endpoint in Endpoint}

    def admit(
        self,
        endpoint: Endpoint,
        units: int = 1,
        *,
        whole: bool = True,
        turn: Turn | None = None,
    ) -> Permit | NotNow:
        """Waits for a request's turn, or says at once that it would take too long.

        Args:
            endpoint: where it goes.
            units: orders that it would carry; more than the limit are cut to the limit.
            whole: whether it may only leave with all of them.
            turn: of the part that left already.
        """
        ip, desk = self._ip, self._desks[endpoint]
        turn = turn or ip.draw(desk.priority)
        deadline: int | None = None
        try:
            while True:
                with ip.lock:
                    now = ip.ticks()
                    deadline = now + self._patience if deadline is None else deadline
                    wanted = min(units, desk.window.limit)
                    begins, offered = desk.offer(now, turn, wanted, whole=whole)
                    then = max(begins, ip.earliest(now, turn))
                    if then <= now:
                        desk.window.leave(now, offered)
                        ip.window.leave(now, 1)
                        return Permit(endpoint, offered, now, turn)
                    if then > deadline:
                        return NotNow(self._why(endpoint, then - now))
                    desk.waiting[turn] = wanted
                    if begins <= now:
                        ip.queue(turn)
                ip.sleep(then - now)
        finally:
            if turn in desk.waiting:
                with ip.lock:
                    del desk.waiting[turn]
                    ip.drop(turn)

    def answered(self, permit: Permit, told: Told, late_ms: int = 0) -> None:
        """A reply came: it says when the request had arrived, and what others use of the limit.

        Args:
            permit: of the request.
            told: by the reply.
            late_ms: how much longer the reply was certainly under way than the quickest.
        """
        ip, desk = self._ip, self._desks[permit.endpoint]
        with ip.lock:
            now = ip.ticks()
            way = desk.fastest(now - permit.left) + late_ms * 1000
            self._arrived(permit, now - way)
            if told.limit and told.remaining is not None:
                desk.window.told(told.limit, told.remaining, permit.left)

    def unanswered(self, permit: Permit) -> None:
        """No reply came: the request may have arrived at any time until now."""
        with self._ip.lock:
            self._arrived(permit, self._ip.ticks())

    def exceeded(self, permit: Permit, told: Told, why: str, *, counted: bool) -> None:
        """The limit was exceeded: nothing goes to that endpoint as long as told.

        A second where nothing was told, for the window that is full lasts one; some replies lack
        the header (bybit-exchange/pybit#340), and some that have it say "now".

        Args:
            permit: of the request.
            told: by the reply.
            why: for people.
            counted: whether a part of it was taken, and counts.
        """
        desk = self._desks[permit.endpoint]
        with self._ip.lock:
            if not counted:
                desk.window.turned_away(permit.left, permit.units)
            desk.window.limit = told.limit or desk.window.limit
            desk.window.hold(self._ip.ticks() + _pause(told, SECOND))
            desk.why_held = why

    def banned(self, told: Told, why: str) -> None:
        """The address was refused: nothing of any account leaves as long as told, or ten minutes.

        A 403 comes without the header (bybit-exchange/pybit#135).
        """
        with self._ip.lock:
            self._ip.window.hold(self._ip.ticks() + _pause(told, BAN))
            self._ip.why_held = why

    def limits(self) -> tuple[Limit, ...]:
        """How every budget stands now; the address's last."""
        ip = self._ip
        with ip.lock:
            now = ip.ticks()
            own = [_limit(e.value, d.window, len(d.waiting), now) for e, d in self._desks.items()]
            return (*own, _limit("address", ip.window, ip.waiting, now))

    def _arrived(self, permit: Permit, by: int) -> None:
        if by > permit.left:
            self._desks[permit.endpoint].window.arrived(permit.left, permit.units, by)
            self._ip.window.arrived(permit.left, 1, by)

    def _why(self, endpoint: Endpoint, wait: int) -> str:
        ip, desk = self._ip, self._desks[endpoint]
        now = ip.ticks()
        if now < ip.window.held_until:
            why = f"nothing may leave this address ({ip.why_held})"
        elif now < desk.window.held_until:
            why = f"the exchange asked for a pause ({desk.why_held})"
        else:
            why = f"too many requests wait ({desk.window.limit} a second are allowed)"
        return f"{why}, until {ip.time_in(wait):%H:%M:%S} UTC"


def _pause(told: Told, otherwise: timedelta) -> int:
    """How long was told, by the exchange's clock alone; ours may be wrong."""
    if told.reset_ms is None or told.server_ms is None or told.reset_ms <= told.server_ms:
        return otherwise // MICROSECOND
    return min(timedelta(milliseconds=told.reset_ms - told.server_ms), BAN) // MICROSECOND


def _limit(name: str, window: RollingWindow, waiting: int, now: int) -> Limit:
    held_for = max(0, window.held_until - now) * MICROSECOND
    return Limit(name, window.limit, window.used(now), waiting, held_for)
