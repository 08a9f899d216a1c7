"""POST order/disconnected-cancel-all and GET account/query-dcp-info (docs/v5/order/dcp).

Bybit gives it to institutions only; here every account has it. It is off until an account sets it.
What it does is in `stream.protection`.
"""

from ...base import errors, params
from ..request import Call, Outcome

SHORTEST_S, LONGEST_S = 3, 300
PRODUCT = "DERIVATIVES"


def set_window(call: Call) -> Outcome:
    """Set how long all connections that follow `dcp.future` may be gone.

    Raises:
        ApiError: 10001: the time is not between 3 and 300 seconds, or of another product.
    """
    if params.text(call.fields, "product") not in {"", PRODUCT}:
        raise errors.parameter("product must be DERIVATIVES: nothing else is simulated")
    seconds = params.integer(call.fields, "timeWindow")
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise errors.parameter("params error: timeWindow invalid")
    call.owner.dcp_window_s = seconds
    return Outcome({})


def query(call: Call) -> Outcome:
    """The window, if the account has set one."""
    seconds = call.owner.dcp_window_s
    row = {"product": PRODUCT, "dcpStatus": "ON", "timeWindow": str(seconds)}
    return Outcome({"dcpInfos": [] if seconds is None else [row]})
