"""What each command from afar answers, and the halt, which asks to be confirmed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import randbelow
from uuid import uuid4

from loguru import logger

from ....adapters.notify.telegram_bot import Message
from ....domain.audit.end_story import explain_end
from ....domain.audit.page import page_lines
from ....domain.model.errors import ConfigurationError, TrueupError
from ....domain.model.identity import MonitorKey, Side
from ....domain.model.record import Source
from ....domain.stopping.command import Became, Command, CommandKind
from ....domain.stopping.control import EVERYTHING, Control, ControlKind
from ....service.commanding.taking import Taker
from ....service.running import RunningEngine
from ....storage import Row, open_reader
from ....storage.audit import read_end
from ...configuration.loading import Loaded
from ..concerns import concerns_of
from .words import ladder_lines, level_of, status_lines

_VALID = timedelta(minutes=1)
_RESUME = "To resume, give on the machine: trueup resume --all"
HELP = """\
/status: each monitor, and what is not as it should be
/ladder SYMBOL: its levels, with their orders and fills
/why SYMBOL TP2: why the last order of a level ended
/halt: stop every write for all accounts; it asks you to confirm

After a symbol or a level, name an account or a side to mean only that one."""


@dataclass(frozen=True, slots=True)
class _Code:
    """What confirms a halt, and until when."""

    word: str
    until: datetime


class Commands:
    """Answers messages. One that a halt was asked in is confirmed by the same person, there.

    Args:
        running: the engine that is halted.
        loaded: its configuration.
    """

    def __init__(self, running: RunningEngine, loaded: Loaded) -> None:
        self._taker, self._loaded = Taker(running), loaded
        self._codes: dict[tuple[int, int], _Code] = {}

    def answer(self, message: Message) -> str:
        """Does what a message asks for; returns what to answer, also where that failed."""
        command, *words = message.text.split()
        name = command.partition("@")[0].lower()
        by_name: Mapping[str, Callable[[], str]] = {
            "/status": self._status,
            "/ladder": lambda: self._ladder(words),
            "/why": lambda: self._why(words),
            "/halt": lambda: self._halt(message, words),
            "/help": lambda: HELP,
            "/start": lambda: HELP,
        }
        try:
            known = by_name.get(name)
            return f"there is no such command\n\n{HELP}" if known is None else known()
        except TrueupError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - a defect here disturbs no engine
            logger.error("{} from Telegram: internal error: {}", name, type(error).__name__)
            return f"{name}: internal error; the log has more"

    def _status(self) -> str:
        with open_reader(self._loaded.options.store.url) as reader:
            monitors = _watched(reader.rows("monitor_status"))
            stops, accounts = reader.rows("stop_status"), reader.rows("account_status")
            held = [one.line for one in reader.fleet_orders()]
            held += [str(one) for one in reader.controls() if one.is_in_force]
            starts = reader.rows("engine_log")
        concerns = concerns_of(monitors, stops, accounts, held, self._loaded, starts)
        return "\n".join(status_lines(monitors, concerns))

    def _ladder(self, words: Sequence[str]) -> str:
        if not words:
            raise ConfigurationError("name a symbol: /ladder BANDUSDT")
        with open_reader(self._loaded.options.store.url) as reader:
            monitors = _named(reader.rows("monitor_status"), words[0], words[1:])
            levels = reader.rows("level_status")
        return "\n\n".join("\n".join(ladder_lines(each, levels)) for each in monitors)

    def _why(self, words: Sequence[str]) -> str:
        if len(words) < 2:  # noqa: PLR2004 - as the answer says
            raise ConfigurationError("name a symbol and a level: /why BANDUSDT TP2")
        level = level_of(words[1])
        pages = []
        with open_reader(self._loaded.options.store.url) as reader:
            for each in _named(reader.rows("monitor_status"), words[0], words[2:]):
                try:
                    page = explain_end(read_end(reader, key_of(each), level))
                    pages.append("\n".join(page_lines(page)))
                except ConfigurationError as error:
                    pages.append(error.message)
        return "\n\n".join(pages)

    def _halt(self, message: Message, words: Sequence[str]) -> str:
        """Halts, if the code that was given before comes with it; else gives one."""
        accounts = ", ".join(self._loaded.options.accounts)
        in_force = self._halted()
        if in_force is not None:
            return f"halted already: {in_force}\nAccounts: {accounts}\n{_RESUME}"
        given = self._codes.pop((message.chat, message.sender), None)
        if words and given is not None and message.at <= given.until and words == [given.word]:
            return self._halt_now(message, accounts)
        if words:
            return "nothing was halted: that code is not valid, or not any more. Ask with /halt"
        code = _Code(f"{randbelow(10_000):04}", message.at + _VALID)
        self._codes[message.chat, message.sender] = code
        return (
            f"This stops every write for all accounts: {accounts}. What rests at the exchange "
            f"stays there.\nTo do it, send within a minute: /halt {code.word}"
        )

    def _halt_now(self, message: Message, accounts: str) -> str:
        by = f"{message.name or 'somebody'} by Telegram ({message.sender or message.chat})"
        now, why = datetime.now(UTC), "asked for in a chat"
        command = Command(uuid4().hex, CommandKind.HALT, EVERYTHING, by, now, why)
        answer = self._taker.handle(command).answer
        if answer.became in (Became.DONE, Became.UNCHANGED):
            return f"Halted: no write leaves for any account: {accounts}\n{_RESUME}"
        return "\n".join((*(part.detail for part in answer.parts), _RESUME))

    def _halted(self) -> Control | None:
        with open_reader(self._loaded.options.store.url) as reader:
            controls = reader.controls()
        return next((c for c in controls if c.kind is ControlKind.HALT and c.is_in_force), None)


def key_of(row: Row) -> MonitorKey:
    """The monitor of a row."""
    return MonitorKey(str(row["account"]), str(row["symbol"]), Side(str(row["side"])))


def _watched(monitors: Sequence[Row]) -> list[Row]:
    return [each for each in monitors if each["source"] != Source.UNWATCHED.value]


def _named(monitors: Sequence[Row], symbol: str, narrower: Sequence[str]) -> list[Row]:
    """The monitors of a symbol, of the account and the side that are named besides.

    Raises:
        ConfigurationError: there is none.
    """
    found = [each for each in _watched(monitors) if _is_named(each, symbol, narrower)]
    if not found:
        raise ConfigurationError(f"no monitor watches {' '.join((symbol, *narrower))}")
    return found


def _is_named(monitor: Row, symbol: str, narrower: Sequence[str]) -> bool:
    names = {str(monitor["account"]).lower(), str(monitor["side"]).lower()}
    is_of_symbol = str(monitor["symbol"]).lower() == symbol.lower()
    return is_of_symbol and names.issuperset(word.lower() for word in narrower)
