"""What the pages take for granted, and the one list of what is not run, each with its reason.

A page that is new needs no entry: its commands run beside a simulated main and mirror account, on
which everything is watched and has been run once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

_BESIDE = "is for work on trueup itself, which the wheel does not have, and runs for minutes"
_OF_THE_INDEX = "needs the package index; tests marked `clients` install and run it"
_UNTIL_FLAT = "runs for minutes, until the market has closed its position; `clients` run it"
_A_SERVICE = "needs the service of somebody else"

NOT_RUN: Mapping[tuple[str, str], str] = {
    ("docs/chaos.md", "make chaos                  # 60 seconds on 2 processes"): _BESIDE,
    ("docs/chaos.md", "python -m chaos replay 4711"): _BESIDE,
    ("docs/conformance.md", "trueup simulator --check https://"): _A_SERVICE,
    ("docs/simulator.md", "pip install 'trueup[simulator]' ccxt"): _OF_THE_INDEX,
    ("docs/simulator.md", 'curl -d \'{"symbol": "BTCUSDT", "price"'): _OF_THE_INDEX,
    ("docs/simulator.md", 'curl -d \'{"kind": "reply_lost"'): _OF_THE_INDEX,
    ("examples/ccxt/README.md", "pip install ccxt"): _OF_THE_INDEX,
    ("examples/ccxt/README.md", "export BYBIT_KEY"): _OF_THE_INDEX,
    ("examples/plain/README.md", "export BYBIT_KEY"): _UNTIL_FLAT,
    ("examples/freqtrade/README.md", "pip install freqtrade"): _OF_THE_INDEX,
    ("examples/freqtrade/README.md", "export FREQTRADE__EXCHANGE__KEY"): _OF_THE_INDEX,
    ("examples/nautilus/README.md", "pip install 'nautilus_trader"): _OF_THE_INDEX,
    ("examples/nautilus/README.md", "export BYBIT_KEY"): _OF_THE_INDEX,
    ("examples/telegram_bot/README.md", "pip install python-telegram-bot"): _OF_THE_INDEX,
    ("examples/telegram_bot/README.md", "export BYBIT_KEY"): _A_SERVICE,
}
"""Blocks of commands that no test here runs, by their page and how they begin, and why not."""

NOT_PRINTED: Mapping[tuple[str, str], str] = {
    ("docs/migrating.md", "main BANDUSDT Sell: taken"): "is an excerpt of a report on an odd file",
    ("docs/replay.md", "══ 8c2f01d3aa90"): "is what a version prints that decides otherwise",
}
"""Texts on pages with commands that none of these prints here, and why not."""

_KEYS = """
export MAIN_API_KEY=main-key MAIN_API_SECRET=main-secret
export MIRROR_API_KEY=mirror-key MIRROR_API_SECRET=mirror-secret
"""
_BAND = f"{_KEYS}trueup simulator --scenario band --toml trueup.toml\n"
_ONCE = f"{_BAND}trueup run --once\n"
_NEVER_LATE = """
export TRUEUP_ENGINE__READS_LATE_SECONDS=0.2 TRUEUP_ENGINE__GRACE_SECONDS=0.2
"""
"""What this simulator shows, it shows at once: nobody waits for an order that never rested."""
_RUNNING = f"{_ONCE}trueup run\n"
_BUY = (
    'curl -s -d \'{"uid": "101", "symbol": "BTCUSDT", "side": "Buy", "quantity": "0.1"}\' '
    "http://127.0.0.1:8480/control/trade"
)
_LISTENS = "until test -S trueup.db.sock; do kill -0 $(cat trueup.pid) || break; sleep 0.1; done"
_BOT = 'python "$CHECKOUT/examples/beside_my_bot.py" http://127.0.0.1:8480 trueup.db.sock'
_SELL = """
curl -s -d '{"uid": "101", "symbol": "BANDUSDT", "side": "Sell", "quantity": "1400"}' \\
  http://127.0.0.1:8480/control/trade
"""
_OLD_BOT = """
PYTHONPATH="$CHECKOUT" $DEVELOPER -c '
import pickle, sys
from tests.adapters.legacy.old_house import monitor, persisted
file = pickle.dumps(persisted({"BANDUSDT_Sell_main": monitor()}))
for name in ("bybit_bot_dashboard_v4.1_enhanced.pkl", "copy.pkl"):
    open(name, "wb").write(file)
'
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a page takes for granted, and what its commands do.

    Attributes:
        before: commands of a reader who has come here, in place of those of a new page.
        between: what the reader does before the nth block, by the words around it.
        stands_for: what a page has as an example, and what it is here: a command prints it.
        exits: commands that end with another code than 0, as the page says.
        shows: what the page's commands print, in this order.
        configuration: the page has the `trueup.toml` that its commands read.
    """

    before: str = _ONCE
    between: Mapping[int, str] = field(default_factory=dict)
    stands_for: Mapping[str, str] = field(default_factory=dict)
    exits: Mapping[str, int] = field(default_factory=dict)
    shows: tuple[str, ...] = ()
    configuration: bool = False


SETTINGS: Mapping[str, Setting] = {
    "README.md": Setting(
        before=f'{_ONCE}ln -s "$CHECKOUT/Makefile" "$CHECKOUT/requirements.lock" '
        '"$CHECKOUT/pyproject.toml" .\n'
    ),
    "docs/beside-my-bot.md": Setting(
        before="trueup simulator",
        configuration=True,
        between={2: f"{_LISTENS}\n{_BOT}"},
        shows=("done watched", "the ladder asks for", "main BTCUSDT Buy: done"),
    ),
    "docs/control.md": Setting(before=_RUNNING),
    "docs/first-hour.md": Setting(
        before="", shows=("BTCUSDT", "the ladder asks for", "amend TP1: 0.05 → 0.1")
    ),
    "docs/going-live.md": Setting(
        before=f"{_KEYS}trueup simulator\n",
        between={
            2: _BUY,
            4: "trueup run\n",
            5: "kill %%; wait %%\nmkdir mainnet; cd mainnet",
        },
        stands_for={"=… MAIN_API_SECRET=…": "echo =main-key MAIN_API_SECRET=main-secret"},
        exits={"trueup discover": 1},
    ),
    "docs/migrating.md": Setting(
        before=f"{_BAND}{_SELL}{_OLD_BOT}{_NEVER_LATE}",
        exits={
            "trueup run --once": 1,  # the old bot's orders are on record, and never rested here
            "trueup import-legacy copy.pkl --stand-in mybot.users.User": 1,  # it has them already
        },
    ),
    "docs/questions.md": Setting(stands_for={"mirror BANDUSDT Sell": "echo mirror BANDUSDT Buy"}),
    "docs/replay.md": Setting(
        before=f"{_ONCE}trueup backup backup.db\nmkdir cases\ntouch trueup.log\n",
        stands_for={
            "8c2f01d3aa90": "sqlite3 -readonly trueup.db "
            "'SELECT run_id FROM transition_log ORDER BY id DESC LIMIT 1'"
        },
    ),
    "docs/simulator.md": Setting(
        before="printf 'time_ms,symbol,price\\n0,BTCUSDT,60000\\n' > prices.csv"
    ),
    "examples/plain/README.md": Setting(before=""),
    "examples/pinned_bot/README.md": Setting(before='cp -r "$CHECKOUT/examples/pinned_bot/." .'),
}
