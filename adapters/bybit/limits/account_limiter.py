"""What one account may send: units per second to each endpoint, within its address's limit.

A request that may not leave yet waits for its turn: at an endpoint first come, first served, at
the address by priority. Its turn comes when there is room for all that go before it and for
itself, so no thread has to wake another: each works out alone until when it sleeps. That holds on
a virtual clock too, which moves only while somebody sleeps.
"""

from datetime import timedelta

from ..wire.clock import MICROSECOND
from ..wire.endpoints import Endpoint
from .endpoint_queue import SECOND, EndpointQueue, Trips
from .headers import ReplyHeaders
from .ip_limiter import IpBudget, Turn
from .values import BAN, Limit, NotNow, Permit, limit_of, pause


class AccountBudget:
    """The rate limits of one account. Safe for threads; costs microseconds where nothing waits.

    Args:
        ip: the budget of the address, with the clock.
        patience: how long a request may wait for its turn.
    """

    def __init__(self, ip: IpBudget, patience: timedelta) -> None:
        self._ip = ip
        self._patience = patience // MICROSECOND
        self._queues = {endpoint: EndpointQueue(endpoint) for endpoint in Endpoint}
        self._trips = Trips()

    def admit(
        self,
        endpoint: Endpoint,
        units: int = 1,
        *,
        whole: bool = True,
        turn: Turn | None = None,
    ) -> Permit | NotNow:
        """Waits for a request's turn, or says at once that the wait would be too long.

        Args:
            endpoint: the request's.
            units: orders that the request would carry; more than the limit are cut to the limit.
            whole: whether the request may only leave with all of them.
            turn: the turn of the part that has left already; None for a new request.
        """
        ip, queue = self._ip, self._queues[endpoint]
        turn = turn or ip.draw(queue.priority)
        deadline: int | None = None
        try:
            while True:
                with ip.lock:
                    now = ip.ticks()
                    deadline = now + self._patience if deadline is None else deadline
                    wanted = min(units, queue.window.limit)
                    begins, offered = queue.offer(now, turn, wanted, whole=whole)
                    then = max(begins, ip.earliest(now, turn))
                    if then <= now:
                        queue.window.leave(now, offered)
                        ip.window.leave(now, 1)
                        return Permit(endpoint, offered, now, turn)
                    if then > deadline:
                        return NotNow(self._why(endpoint, then - now))
                    queue.waiting[turn] = wanted
                    if begins <= now:
                        ip.queue(turn)
                ip.sleep(then - now)
        finally:
            if turn in queue.waiting:
                with ip.lock:
                    del queue.waiting[turn]
                    ip.drop(turn)

    def answered(self, permit: Permit, headers: ReplyHeaders) -> None:
        """Counts a reply: the request had arrived, and the headers show what others use."""
        ip, queue = self._ip, self._queues[permit.endpoint]
        with ip.lock:
            now = ip.ticks()
            self._arrived(permit, now - self._trips.quickest(now - permit.left))
            if headers.limit and headers.remaining is not None:
                queue.window.correct(headers.limit, headers.remaining, permit.left)

    def unanswered(self, permit: Permit) -> None:
        """Counts a request without a reply: it may have arrived at any time until now."""
        with self._ip.lock:
            self._arrived(permit, self._ip.ticks())

    def given_back(self, permit: Permit) -> None:
        """Takes a permit back whose request did not leave."""
        with self._ip.lock:
            self._queues[permit.endpoint].window.turned_away(permit.left, permit.units)
            self._ip.window.turned_away(permit.left, 1)

    def exceeded(self, permit: Permit, headers: ReplyHeaders, why: str, *, counted: bool) -> None:
        """Holds the endpoint after its limit was exceeded, for as long as the headers ask.

        For a second where they ask for nothing, since the full window lasts a second: some replies
        lack the header (bybit-exchange/pybit#340), and in some it says "now".

        Args:
            permit: of the request.
            headers: of the reply.
            why: for people.
            counted: whether the exchange executed a part of the request, which then counts.
        """
        queue = self._queues[permit.endpoint]
        with self._ip.lock:
            if not counted:
                queue.window.turned_away(permit.left, permit.units)
            queue.window.limit = headers.limit or queue.window.limit
            queue.window.hold(self._ip.ticks() + pause(headers, SECOND))
            queue.why_held = why

    def banned(self, headers: ReplyHeaders, why: str) -> None:
        """Holds back every account at this address: as long as the headers ask, or ten minutes.

        A 403 comes without the headers (bybit-exchange/pybit#135).
        """
        with self._ip.lock:
            self._ip.window.hold(self._ip.ticks() + pause(headers, BAN))
            self._ip.why_held = why

    def limits(self) -> tuple[Limit, ...]:
        """The state of every limit now; the address's comes last."""
        ip = self._ip
        with ip.lock:
            now = ip.ticks()
            own = [
                limit_of(e.value, q.window, len(q.waiting), now) for e, q in self._queues.items()
            ]
            return (*own, limit_of("address", ip.window, ip.waiting, now))

    def _arrived(self, permit: Permit, by: int) -> None:
        if by > permit.left:
            self._queues[permit.endpoint].window.arrived(permit.left, permit.units, by)
            self._ip.window.arrived(permit.left, 1, by)

    def _why(self, endpoint: Endpoint, wait: int) -> str:
        ip, queue = self._ip, self._queues[endpoint]
        now = ip.ticks()
        if now < ip.window.held_until:
            why = f"nothing may leave this address ({ip.why_held})"
        elif now < queue.window.held_until:
            why = f"the exchange asked for a pause ({queue.why_held})"
        else:
            why = f"too many requests are waiting ({queue.window.limit} a second are allowed)"
        return f"{why}, until {ip.time_in(wait):%H:%M:%S} UTC"
