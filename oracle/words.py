"""The words of the records for values that the product may rename.

A value that the product renames keeps its word here. A value without a word is an error, so that
no new value passes for an old one.
"""

from collections.abc import Mapping

OWNED_STATUS: Mapping[str, str] = {
    "pending_new": "pending-new",
    "open": "open",
    "filled": "filled",
    "cancelled": "cancelled",
    "rejected": "rejected",
}
ORIGIN: Mapping[str, str] = {"placed": "placed", "adopted": "adopted"}
INTENT_STATUS: Mapping[str, str] = {
    "planned": "planned",
    "sent": "acknowledged",
    "confirmed": "confirmed",
    "refused": "refused",
    "unknown": "unknown",
    "resolved": "resolved",
    "held": "held",
}
OPERATION: Mapping[str, str] = {
    "observe": "observe",
    "look_up": "look-up",
    "executions": "executions",
    "place": "place",
    "amend": "amend",
    "cancel": "cancel",
}
CALL_OUTCOME: Mapping[str, str] = {
    "complete": "complete",
    "orders unread": "orders-unread",
    "unknown": "unknown",
    "found": "found",
    "absent": "absent",
    "accepted": "accepted",
    "unsure": "unsure",
    "held": "held",
    "ok": "ok",
    "already-gone": "already-gone",
    "duplicate-link-id": "duplicate-link-id",
    "transient": "transient",
    "rate-limit": "rate-limit",
    "auth": "auth",
    "invalid": "invalid",
    "values": "values",
    "not-amendable": "not-amendable",
    "insufficient": "insufficient",
    "reduce-only": "reduce-only",
    "position-mode": "position-mode",
    "maintenance": "maintenance",
    "timestamp": "timestamp",
    "nothing-changed": "nothing-changed",
}
LADDER_SOURCE: Mapping[str, str] = {
    "given": "given",
    "live orders": "live-orders",
    "main": "main",
    "mirror": "mirror",
    "mirror2": "mirror2",
}


def word(table: Mapping[str, str], value: str) -> str:
    """The record's word for a value of the product.

    Raises:
        LookupError: the value has no word yet.
    """
    if value not in table:
        raise LookupError(f"{value!r} has no word in the records yet: enter one in oracle/words.py")
    return table[value]
