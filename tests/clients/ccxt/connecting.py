"""How the scripts of this folder, which run in ccxt's environment, make a client and call it."""

import importlib
import inspect
import sys
from typing import Any

SYMBOL = "BTC/USDT:USDT"


def client(module: str, url: str, key: str, secret: str, **options: object) -> Any:  # noqa: ANN401 - ccxt has no types
    """An unpatched client; only its addresses are not Bybit's, which its configuration allows."""
    kinds = ("spot", "futures", "v2", "public", "private")
    streams = url.replace("http", "ws", 1) + "/v5"
    sockets = {
        "public": {"linear": f"{streams}/public/linear"},
        "private": {"contract": f"{streams}/private"},
    }
    given = {
        "apiKey": key,
        "secret": secret,
        "urls": {"api": {**dict.fromkeys(kinds, url), "ws": sockets}},
        "options": {"defaultType": "swap", **options},
    }
    return importlib.import_module(module).bybit(given)


async def call(one: Any, name: str, *arguments: Any) -> Any:  # noqa: ANN401 - ccxt has no types
    """What a method returns, of a sync client or an async one."""
    answer = getattr(one, name)(*arguments)
    return await answer if inspect.isawaitable(answer) else answer


async def close(one: Any) -> None:  # noqa: ANN401 - ccxt has no types
    """Close a client's connections."""
    ended = one.close() if hasattr(one, "close") else None
    if inspect.isawaitable(ended):
        await ended


def given() -> list[str]:
    """The arguments of the script."""
    return sys.argv[1:]
