"""GET account/info and POST account/set-margin-mode: how an account is set up."""

from ...base import errors, params
from ..request import Call, Outcome

UTA_2_PRO, CLASSIC = 6, 1
"""The unifiedMarginStatus of a unified account and of a classic one (docs/v5/acct-mode)."""
DCP_WINDOW_S = 10
"""The timeWindow of an account that has set none (docs/v5/order/dcp)."""
MODES = ("REGULAR_MARGIN", "ISOLATED_MARGIN", "PORTFOLIO_MARGIN")


def account_info(call: Call) -> Outcome:
    """GET account/info (docs/v5/account/account-info)."""
    account = call.owner
    return Outcome(
        {
            "marginMode": account.margin_mode,
            "updatedTime": str(call.venue.now()),
            "unifiedMarginStatus": UTA_2_PRO if account.unified else CLASSIC,
            "dcpStatus": "OFF" if account.dcp_window_s is None else "ON",
            "timeWindow": account.dcp_window_s or DCP_WINDOW_S,
            "smpGroup": 0,
            "isMasterTrader": False,
            "spotHedgingStatus": "OFF",
        }
    )


def set_margin_mode(call: Call) -> Outcome:
    """POST account/set-margin-mode (docs/v5/account/set-margin-mode).

    The mode is kept and shown; margin is the same in all modes here.

    Raises:
        ApiError: 10001: there is no such mode.
    """
    mode = params.required(call.fields, "setMarginMode")
    if mode not in MODES:
        raise errors.parameter("params error: setMarginMode invalid")
    call.owner.margin_mode = mode
    return Outcome({"reasons": []})
