"""GET user/query-api: what an API key is, and whose (docs/v5/user/apikey-info)."""

from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from .request import Call, Outcome

_NEVER = "1970-01-01T00:00:00Z"
_NEVER_DAYS = -2
_DAY_MS = 86_400_000


def query_api(call: Call) -> Outcome:
    """What the key is that signed the request. The secret is never in the answer."""
    key, account = call.signed_with, call.owner
    trades = list(key.contract_trade)
    expires, days = _expiry(key.expires_ms, call.venue.wall_ms())
    result: dict[str, Any] = {
        "id": str(crc32(key.key.encode())),
        "note": "",
        "apiKey": key.key,
        "readOnly": int(key.read_only),
        "secret": "",
        "permissions": {
            "ContractTrade": trades,
            "Spot": [],
            "Wallet": [],
            "Options": [],
            "Derivatives": ["DerivativesTrade"] if trades else [],
            "CopyTrading": [],
            "BlockTrade": [],
            "Exchange": [],
            "NFT": [],
            "Affiliate": [],
            "Earn": [],
        },
        "ips": list(key.ips) or ["*"],
        "type": 1,
        "deadlineDay": days,
        "expiredAt": expires,
        "createdAt": "2025-01-01T00:00:00Z",
        "unified": 0,
        "uta": int(account.unified),
        "userID": user_id(account.uid),
        "inviterID": 0,
        "vipLevel": "No VIP",
        "mktMakerLevel": "0",
        "affiliateID": 0,
        "rsaPublicKey": "",
        "isMaster": True,
        "parentUid": "0",
        "kycLevel": "LEVEL_DEFAULT",
        "kycRegion": "",
        "userIDInt64": "0",
    }
    return Outcome(result)


def user_id(uid: str) -> int:
    """The UID as the number that query-api shows; one of its own for a UID that is a word."""
    return int(uid) if uid.isdecimal() else crc32(uid.encode())


def _expiry(expires_ms: int | None, now_ms: int) -> tuple[str, int]:
    """`expiredAt` and `deadlineDay`; a key that never expires has values of its own."""
    if expires_ms is None:
        return _NEVER, _NEVER_DAYS
    at = datetime.fromtimestamp(expires_ms // 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%SZ}", max(expires_ms - now_ms, 0) // _DAY_MS
