"""A bot's configuration of trueup, and the program that runs it: ``python bot.py``."""

import os
from collections.abc import Mapping

from trueup import Account, BeyondMarket, Ladder, Reconciler, Role, RunSettings

LADDER = Ladder.of(("0.7200", 85), ("0.7400", 5), ("0.7600", 5), ("0.8000", 5))
SETTINGS = RunSettings(beyond_market=BeyondMarket.WAIT)


def accounts(keys: Mapping[str, str]) -> list[Account]:
    """The main account, and the mirror that follows it."""
    return [
        Account("main", keys["MAIN_KEY"], keys["MAIN_SECRET"]),
        Account(
            "mirror", keys["MIRROR_KEY"], keys["MIRROR_SECRET"], role=Role.MIRROR, follows="main"
        ),
    ]


def main() -> None:
    """Keeps the ladders true until it is interrupted."""
    with Reconciler(accounts=accounts(os.environ), settings=SETTINGS) as reconciler:
        reconciler.watch("main", "BANDUSDT", "Buy", LADDER)
        reconciler.watch("mirror", "BANDUSDT", "Buy")
        reconciler.start()
        reconciler.wait()


if __name__ == "__main__":
    main()
