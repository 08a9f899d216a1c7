"""The demo's two accounts."""

from ... import Account, Role

MAIN, MIRROR = "101", "202"


def accounts(url: str) -> list[Account]:
    """The main account and its mirror, at a simulated exchange."""
    return [
        Account("main", "demo-main", "demo-main-secret", environment=url),
        Account(
            "mirror",
            "demo-mirror",
            "demo-mirror-secret",
            role=Role.MIRROR,
            follows="main",
            environment=url,
        ),
    ]
