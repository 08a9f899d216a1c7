"""Who may reach the page and the control paths: this machine, and no web page from elsewhere.

A browser on this machine may have a page of another site open, which can send requests here too.
It cannot choose their `Host`, `Origin` and `Sec-Fetch-Site` (Fetch Standard, forbidden request
headers), so these say where a request comes from. Programs that are no browsers send no `Origin`.
"""

from collections.abc import Mapping

_CLIENTS = frozenset({"127.0.0.1", "::1"})
_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_OWN_SITES = frozenset({"", "same-origin", "none"})


def stranger(client: str, headers: Mapping[str, str]) -> str | None:
    """Why a client may not even look; None if it may.

    Another name in `Host` than this machine's own is that of a site whose name was made to lead
    here (DNS rebinding).

    Args:
        client: the address that the request comes from.
        headers: its headers, by lower-case names.
    """
    if client not in _CLIENTS:
        return "only clients on this machine may use this path"
    host = headers.get("host", "")
    if host.rpartition(":")[0] not in _NAMES and host not in _NAMES:
        return f"the Host must be localhost or 127.0.0.1, not {host!r}"
    return None


def outsider(client: str, headers: Mapping[str, str]) -> str | None:
    """Why a client may not control the simulator; None if it may.

    Beside what `stranger` says, a page of another site or of another port may not (request
    forgery).

    Args:
        client: the address that the request comes from.
        headers: its headers, by lower-case names.
    """
    reason = stranger(client, headers)
    if reason is not None:
        return reason
    own = f"http://{headers.get('host', '')}"
    if headers.get("origin", own) != own:
        return f"a page of {headers['origin']!r} may not control the simulator"
    if headers.get("sec-fetch-site", "") not in _OWN_SITES:
        return "a page of another site may not control the simulator"
    return None
