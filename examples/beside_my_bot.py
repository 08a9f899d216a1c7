"""A bot that enters, and leaves the exits to `trueup run`: ``python -m examples.beside_my_bot``."""
# ruff: noqa: T201 - an example shows what it does

import sys

from pybit.unified_trading import HTTP

from trueup import Client


def main(url: str, socket_path: str) -> None:
    """Buy, and have the position watched with a ladder and a stop of its own."""
    bybit = HTTP(api_key="main-key", api_secret="main-secret")  # noqa: S106 - the simulator's
    bybit.endpoint = url
    bybit.place_order(
        category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty="0.1"
    )
    trueup = Client(socket_path, by="my bot")
    answer = trueup.command(
        "watch",
        "main",
        "BTCUSDT",
        "Buy",
        arguments={
            "ladder": {
                "levels": [
                    {"percent": 1, "share": 50},
                    {"percent": 2, "share": 30},
                    {"percent": 3, "share": 20},
                ]
            },
            "stop": {"percent": 2, "breakeven": {"after_level": "TP1"}},
        },
    )
    print(answer.became, answer.parts[0].detail)


if __name__ == "__main__":
    main(*sys.argv[1:])
