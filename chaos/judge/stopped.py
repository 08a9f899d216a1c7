"""P14: stopped is stopped."""

from trueup.domain.stopping.control import why_stopped
from trueup.testing import ApiRequest

from ..ledger.stop_requests import monitors_of
from .promise import Promise


class StoppedIsStopped(Promise):
    """No write leaves for what somebody has paused or halted, until it is resumed.

    The judge is stricter than the promise: from the moment at which it is on record, since the
    engine asks right before a request leaves.
    """

    name = "P14 stopped is stopped"

    def before_request(self, request: ApiRequest) -> None:
        """Checks the monitor of every order that a write names."""
        if not request.is_write:
            return
        for item in request.fields.get("request", ()):
            named = (item.get("orderLinkId"), item.get("orderId"))
            claims = (self.ledger.claims.get((request.uid, name)) for name in named if name)
            claim = next(filter(None, claims), None)
            why = "" if claim is None else why_stopped(self.ledger.controls, claim.key)
            if claim is not None and why:
                self.broken(claim.key, f"{request.path} left, although {why}")
        for book in monitors_of(self.ledger, request):
            why = why_stopped(self.ledger.controls, book.key)
            if why:
                self.broken(book.key, f"{request.path} left, although {why}")
