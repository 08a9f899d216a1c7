"""``configuration.md``: every option of ``trueup.toml``, from its models."""

from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from trueup import AlertLevel, EventKind
from trueup.cli.configuration.alerts import AlertsSection, HeartbeatSection, TargetSection
from trueup.cli.configuration.ladders import LadderSection, LevelSection
from trueup.cli.configuration.schema import (
    ENV_NESTING,
    ENV_PREFIX,
    AccountSection,
    Configuration,
    EngineSection,
    MonitorSection,
    RecognitionSection,
    RetentionSection,
    StoreSection,
)
from trueup.cli.configuration.service import ServiceSection
from trueup.cli.configuration.stops import BreakevenSection, StopSection, TrailingSection
from trueup.cli.configuration.telegram import Chat, TelegramSection

from ..markdown import fenced, page, table
from .options import MEANINGS

SECTIONS: dict[str, tuple[str, type[BaseModel]]] = {
    "store": ("[store]", StoreSection),
    "engine": ("[engine]", EngineSection),
    "accounts": ("[accounts.NAME]", AccountSection),
    "monitors": ("[[monitors]]", MonitorSection),
    "ladder": ("Levels of a ladder", LevelSection),
    "ladders": ("[ladders.NAME]", LadderSection),
    "stops": ("[stops.NAME], or the stop of a monitor", StopSection),
    "breakeven": ("Breakeven of a stop", BreakevenSection),
    "trailing": ("Trailing of a stop", TrailingSection),
    "recognition": ("[recognition]", RecognitionSection),
    "retention": ("[retention]", RetentionSection),
    "service": ("[service]", ServiceSection),
    "alerts": ("[alerts]", AlertsSection),
    "target": ("[alerts.to.NAME]", TargetSection),
    "heartbeat": ("[alerts.heartbeat]", HeartbeatSection),
    "telegram": ("[telegram]", TelegramSection),
}

_PARTS = ("ladder", "breakeven", "trailing", "target", "heartbeat")
"""Tables within other sections."""

EXAMPLE = """
[store]
url = "sqlite:///trueup.db"

[engine]
interval_seconds = 15

[accounts.main]
environment = "testnet"
api_key_env = "MAIN_KEY"
api_secret_env = "MAIN_SECRET"

[accounts.mirror]
role = "mirror"
follows = "main"
environment = "testnet"
api_key_env = "MIRROR_KEY"
api_secret_env = "MIRROR_SECRET"

[[monitors]]
account = "main"
symbol = "BANDUSDT"
side = "Buy"
ladder = [
    {price = "0.7200", share = 85},
    {price = "0.7400", share = 5},
    {price = "0.7600", share = 5},
    {price = "0.8000", share = 5},
]

[[monitors]]
account = "mirror"
symbol = "BANDUSDT"
side = "Buy"
"""

_CONTRACTS = """
trueup handles Bybit's linear contracts: perpetuals and dated futures that settle in USDT or USDC,
whatever their symbols look like. The settle coin comes from the contract's rules. Inverse
contracts, options and spot pairs are refused, that monitor alone, and the message says what the
symbol is.

A contract that ends, a dated future or a perpetual that is to be delisted, shows its date in
`trueup status`. While its position is open, trueup alerts once a week and once a day before. At the
end the exchange cancels the orders and closes the position; the monitor ends flat, and an alert
says so.
""".strip()
_RULES = f"""
- `trueup check` names all mistakes at once, each with its line, why it is one, and an example of
  what is right. It asks nobody. Every other command that reads the file names the same ones, and
  ends with exit code 2.
- Numbers are exact. Write them as TOML numbers or as text: `0.72` and `"0.72"` are the same.
- The file never contains keys. It names the environment variables, files or credentials that do; a
  key that is in the file is refused, and not shown.
- A file with a secret, be it a key, a URL or a token, must not be open to everybody on the machine:
  `chmod 600`. Its group may read it; [operations.md](operations.md#secrets) says why, and how
  containers do that.
- The environment overrides the file: `{ENV_PREFIX}STORE{ENV_NESTING}URL` sets `store.url`.
- Seconds are above 0 and at most a day; fractions are allowed.
- Monitors need not be in the file: `trueup run` also runs those that `trueup discover --watch` and
  `trueup import-legacy --apply` put on record, until `trueup unwatch`.
- When a monitor disappears from the file, trueup leaves its orders alone and logs a warning at each
  start, until `trueup unwatch`.
"""


_JUDGED = {
    """
    **A mistake in the file**: TOML that cannot be read, an unknown option, a variable that is not
    set, an unknown account, two monitors of one position, shares that do not sum to 100, prices in
    the wrong order
    """: """
    The command ends with exit code 2 before anything is asked or stored. After SIGHUP the engine
    keeps the old file.
    """,
    """
    **A new monitor whose symbol the exchange does not know, or of something else than a linear
    contract**
    """: """
    This monitor is refused: printed, alerted and not stored; all others run. trueup asks once,
    while the monitor is new; if the exchange cannot be asked, the monitor comes under watch. If no
    monitor is left, the command ends with exit code 2, and after SIGHUP the engine keeps the old
    file.
    """,
    """
    **What the market does**: the contract was delisted or takes no orders, a price is off its tick,
    a quantity is below its minimum, a level is on the losing side of the entry price
    """: """
    The monitor is watched. trueup alerts once, with the figures, and tries again after pauses that
    grow. All others run.
    """,
}

_STARTING = """
What is on record starts without an answer from the exchange. After a crash every monitor runs at
once; an account that cannot be reached holds up no other. `trueup plan` shows beforehand what the
market's state means for a monitor.
"""


def configuration() -> str:
    """The whole page."""
    return page(
        "Configuration",
        "`trueup run`, `plan` and `discover` read `trueup.toml`, or the file given by `--config`.",
        fenced(EXAMPLE, "toml"),
        "## Rules",
        _RULES,
        "## Contracts",
        _CONTRACTS,
        "## What is refused, and what is not",
        table(("what", "what happens"), [tuple(map(_one_line, row)) for row in _JUDGED.items()]),
        _STARTING,
        "## Options",
        *_sections(),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def options() -> Iterator[tuple[str, str, FieldInfo]]:
    """Every option: its section, its name, its model's field."""
    for section, (_, model) in SECTIONS.items():
        for name, field in model.model_fields.items():
            yield section, name, field


def _sections() -> Iterator[str]:
    if set(Configuration.model_fields) | set(_PARTS) != set(SECTIONS):
        raise LookupError("docs/writers/configuration.py does not name every section")
    for section, (title, _) in SECTIONS.items():
        rows = [
            (f"`{name}`", _kind(field), _default(field), MEANINGS[f"{section}.{name}"])
            for of, name, field in options()
            if of == section
        ]
        yield f"### {title}\n\n{table(('option', 'kind', 'default', 'meaning'), rows)}"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default is None or field.default_factory is not None:
        return "none"
    if isinstance(field.default, tuple):
        return ", ".join(f"`{each}`" for each in field.default) or "none"
    return f"`{_word(field.default)}`"


def _word(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _kind(field: FieldInfo) -> str:
    return _words_of(field.annotation)


def _written(word: object) -> str:
    """A value as a file has it."""
    return str(word).lower() if isinstance(word, bool) else str(word)


def _words_of(kind: Any) -> str:  # noqa: ANN401 - any type of an option
    if get_origin(kind) in (Union, UnionType):
        return " or ".join(_words_of(each) for each in get_args(kind) if each is not NoneType)
    if get_origin(kind) is Annotated:
        return _words_of(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return " or ".join(f"`{_written(word)}`" for word in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(f"`{member.value}`" for member in kind)
    if get_origin(kind) is dict:
        return "tables"
    words = {
        str: "text",
        int: "whole number",
        Decimal: "number",
        bool: "`true` or `false`",
        time: "time of day",
        tuple[str, ...]: "list of texts",
        tuple[Chat, ...]: "list of whole numbers",
        tuple[EventKind, ...]: "list of kinds",
        tuple[AlertLevel, ...]: "list of `info`, `warning`, `error`",
        tuple[LevelSection, ...]: "list of levels",
        StopSection: "table",
        BreakevenSection: "table",
        TrailingSection: "table",
        HeartbeatSection: "table",
    }
    return words[kind]
