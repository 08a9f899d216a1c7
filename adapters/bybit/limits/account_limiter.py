"""What one account may send: a rolling second for each endpoint, and a share of the address's.

Whoever may not leave yet waits for his turn: at an endpoint in the sequence of coming, at the
address by priority. A turn comes when there is room for all that go before and for oneself, so
nobody is woken by anybody: each sleeps until a moment that he can work out alone. That holds on a
clock that moves only while somebody sleeps, too.
"""

from datetime import timedelta

from ..wire.clock import MICROSECOND
from ..wire.endpoints import Endpoint
from .endpoint_queue import SECOND, Desk, Trips
from .headers import Told
from .ip_limiter import IpBudget, Turn
from .values import BAN, Limit, NotNow, Permit, limit_of, pause


class AccountBudget:
    """The budgets of one account. Safe for threads; costs microseconds where nobody waits.

    Args:
        ip: the address's, with the clock.
        patience: how long a request may wait for its turn.
    """

    def __init__(self, ip: IpBudget, patience: timedelta) -> None:
        self._ip = ip
        self._patience = patience // MICROSECOND
        self._desks = {endpoint: Desk(endpoint) for endpoint in Endpoint}
        self._trips = Trips()

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

    def answered(self, permit: Permit, told: Told) -> None:
        """A reply came: it says when the request had arrived, and what others use of the limit."""
        ip, desk = self._ip, self._desks[permit.endpoint]
        with ip.lock:
            now = ip.ticks()
            self._arrived(permit, now - self._trips.quickest(now - permit.left))
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
            desk.window.hold(self._ip.ticks() + pause(told, SECOND))
            desk.why_held = why

    def banned(self, told: Told, why: str) -> None:
        """The address was refused: nothing of any account leaves as long as told, or ten minutes.

        A 403 comes without the header (bybit-exchange/pybit#135).
        """
        with self._ip.lock:
            self._ip.window.hold(self._ip.ticks() + pause(told, BAN))
            self._ip.why_held = why

    def limits(self) -> tuple[Limit, ...]:
        """How every budget stands now; the address's last."""
        ip = self._ip
        with ip.lock:
            now = ip.ticks()
            own = [limit_of(e.value, d.window, len(d.waiting), now) for e, d in self._desks.items()]
            return (*own, limit_of("address", ip.window, ip.waiting, now))

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
