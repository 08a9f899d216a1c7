"""``clients.md``: what becomes of real clients' calls on the simulator, as tests/clients saw it."""

import json
from pathlib import Path
from typing import Any

from ..markdown import page, table
from .bot_times import bot_times

OUTCOMES = Path(__file__).parents[2] / "tests" / "clients" / "ccxt" / "calls.json"

_INTRODUCTION = """
Real clients of Bybit, unpatched, run on `trueup simulator` as they run on Bybit; only its address
is in their configuration. [tests/clients](../tests/clients) installs each into an environment of
its own and lets it trade to flat.
"""
_CCXT = """
{version}, sync, async and pro, needs nothing but the addresses:

```python
exchange = ccxt.bybit(
    {{
        "apiKey": "main-key",
        "secret": "main-secret",
        "urls": {{
            "api": {{
                "public": url,
                "private": url,
                "ws": {{
                    "public": {{"linear": f"ws://{{host}}/v5/public/linear"}},
                    "private": {{"contract": f"ws://{{host}}/v5/private"}},
                }},
            }}
        }},
        "options": {{"defaultType": "swap"}},
    }}
)
```

`ws` is for ccxt.pro: `watchOrderBook`, `watchTicker`, `watchTrades`, `watchOHLCV`, `watchOrders`,
`watchMyTrades`, `watchPositions` and `watchBalance` show the same trading as it happens.

The table has every unified REST call that its `bybit.has` reports and linear contracts use:
{works} of {all} work. A path that the simulator does not have is answered with HTTP 404 and a text
that names it.
"""


_NAUTILUS = """
A node of nautilus_trader 1.221 with its own Bybit adapter trades, is restarted beside its resting
take-profits, one of which has filled meanwhile, reconciles and ends flat. `base_url_http` and
`base_url_ws_private` of its configuration lead it to the simulator. The public stream's address is
in no configuration of that version: give it to the data client in a factory of your own, as
[examples/nautilus/simulated.py](../examples/nautilus/simulated.py) does, with
`node.add_data_client_factory`.
"""


def clients() -> str:
    """The page."""
    told: dict[str, Any] = json.loads(OUTCOMES.read_text(encoding="utf-8"))
    calls: dict[str, str] = told["calls"]
    works = sum(1 for outcome in calls.values() if outcome == "works")
    said = _CCXT.format(version=f"ccxt {told['version']}", works=works, all=len(calls))
    rows = [(f"`{name}`", _cell(outcome)) for name, outcome in calls.items()]
    return page(
        "Clients",
        _INTRODUCTION,
        "## ccxt",
        said,
        table(("call", "outcome"), rows),
        "## nautilus_trader",
        _NAUTILUS,
        "## Bots with trueup embedded",
        bot_times(),
    )


def _cell(outcome: str) -> str:
    status, _, path = outcome.partition(" ")
    return f"{status} `{path}`" if path else outcome
