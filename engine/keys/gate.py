"""The gate: the one place that says whether an account may write.

An account may write once it is known whose its key is: by the exchange's answer, or, while the
exchange cannot be asked, by the record of an earlier one. A UID has one account: a second name for
it would put a second ladder on the same position (promise P1), so it sends no write. What bars one
account concerns no other (promise P8): each is asked in a thread of its own, and nothing waits long
for an answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Condition, Thread
from traceback import format_exception

from ...aio.log import logger
from ...aio.threads import aside
from ...domain.flow import contained
from ...domain.keys.facts import KeyAnswer, KeyFacts, KeyRecord, KeyUnread
from ...domain.keys.judgement import Verdict, barred_twin, judge
from ...domain.ports import Clock, Exchange, KeyHolder, Randomness
from ...domain.store import Store
from ...domain.venue.account import Account
from .expiry import expiry_alert
from .key_health import KeyHealth

_PATIENCE_SECONDS = 4.0
"""How long a run waits for the first answer."""
_COURTESY_SECONDS = 1.5
"""How long a new key waits for those of the accounts before it; its own runs wait longer."""


def in_threads(jobs: Sequence[Callable[[], None]]) -> None:
    """Does each job in a thread of its own; returns at once."""
    for job in jobs:
        Thread(target=job, name="trueup-key", daemon=True).start()


def _key_facts(exchange: Exchange) -> KeyAnswer | None:
    """What the exchange says of the key; None where it cannot be asked.

    Raises:
        Exception: whatever an exchange of the bot's raises.
    """
    try:
        return exchange.key_facts() if isinstance(exchange, KeyHolder) else None
    except BaseException as error:  # noqa: BLE001 - it is the bot's, and may raise anything
        raise contained(error) from None


class KeyGate:
    """Asks about the accounts' keys, and says which accounts may write.

    All methods may be called from any thread.

    Args:
        accounts: by name, in the order of the configuration: of two names for one UID the first
            may write.
        exchanges: by account name.
        store: has what is on record of the keys.
        clock: the time.
        randomness: for the ids of alerts.

    Attributes:
        on_change: called with an account's name when it is barred, and when it no longer is.
    """

    def __init__(
        self,
        accounts: Mapping[str, Account],
        exchanges: Mapping[str, Exchange],
        store: Store,
        clock: Clock,
        randomness: Randomness,
    ) -> None:
        self._exchanges = exchanges
        self._store = store
        self._clock = clock
        self._randomness = randomness
        self._answered = Condition()
        self._is_closed = False
        self._holders: dict[tuple[str, str], str] = {}
        self._all: dict[str, KeyHealth] = {}
        self.on_change: Callable[[str], None] = lambda _account: None
        self._is_loaded = False
        first: dict[str, str] = {}
        for name, account in accounts.items():
            one = self._all[name] = KeyHealth(account)
            holder = first.setdefault(one.fingerprint, name)
            if holder != name:
                one.twin_of = holder
                one.verdict = Verdict(barred_twin(holder, same_key=True))

    def barred(self, account: str) -> str:
        """Why no write of the account may leave, with what to do about it; empty if it may.

        The first time the exchange is asked, and where the account was barred, after a while again.
        Nobody waits longer than a few seconds for somebody else's question.

        Raises:
            StoreError: the database cannot be written.
        """
        one = self._all[account]
        if one.verdict is not None and not one.barred:
            return ""
        return aside(partial(self._barred, one))

    def _barred(self, one: KeyHealth) -> str:
        self._refresh(one)
        with self._answered:
            self._answered.wait_for(
                lambda: one.verdict is not None or not one.is_asked, _PATIENCE_SECONDS
            )
            if one.verdict is None:
                one.verdict = self._judge(one, KeyUnread("no answer yet"))
            return one.verdict.barred

    def is_barred(self, account: str) -> bool:
        """Whether the account is known to be barred; asks nobody."""
        return bool(self._all[account].barred)

    def refresh(self, account: str) -> None:
        """Asks about the account's key if that is due: at first, then daily, or after a failure.

        Raises:
            StoreError: the database cannot be written.
        """
        one = self._all[account]
        if not self._is_loaded or one.is_due(self._clock.moment()):
            aside(partial(self._refresh, one))

    def _refresh(self, one: KeyHealth) -> None:
        with self._answered:
            self._load()
            if not one.is_due(self._clock.moment()):
                return
            one.is_asked = True
        if one.record is None:
            names = list(self._all)
            self.ask_all(names[: names.index(one.name)])
        self._ask(one)

    def ask_all(self, accounts: Iterable[str]) -> None:
        """Asks about the keys of accounts that were not asked about yet, all at once; returns.

        Whatever goes wrong is asked again by whoever needs the answer.
        """
        wanted = set(accounts)
        with self._answered:
            self._load()
            now = self._clock.moment()
            due = [
                one
                for name, one in self._all.items()
                if name in wanted and one.verdict is None and one.is_due(now)
            ]
            for one in due:
                one.is_asked = True
        in_threads([partial(self._ask_aside, one) for one in due])
        for one in self._all.values():
            if one.name in wanted and one.twin_of:
                self._report(one, "")

    def health(self) -> tuple[KeyHealth, ...]:
        """How every account stands, in the order of the configuration; asks those that are due.

        Raises:
            StoreError: the database cannot be written.
        """
        self.ask_all(self._all)
        for name in self._all:
            self.refresh(name)
            self.barred(name)
        return tuple(self._all.values())

    def close(self) -> None:
        """From now on nothing is stored; answers that are under way come too late."""
        with self._answered:
            self._is_closed = True

    def _load(self) -> None:
        """Reads once what is on record: a UID on record is kept for the first account of it."""
        if self._is_loaded:
            return
        known = {record.fingerprint: record for record in self._store.key_records()}
        for one in self._all.values():
            one.record = None if one.twin_of else known.get(one.fingerprint)
            if one.record is not None:
                self._holder(one, one.record.uid)
        self._is_loaded = True

    # -- one question -----------------------------------------------------------------------

    def _ask_aside(self, one: KeyHealth) -> None:
        try:
            self._ask(one)
        except Exception as error:  # noqa: BLE001 - it is asked again by whoever needs the answer
            if not self._is_closed:
                logger.bind(account=one.name).error(
                    "the API key could not be asked about: {}", "".join(format_exception(error))
                )

    def _ask(self, one: KeyHealth) -> None:
        try:
            answer = _key_facts(self._exchanges[one.name])
            before = one.barred
            if isinstance(answer, KeyFacts):
                if one.record is None:
                    self._let_earlier_ones_go_first(one)
                self._keep(one, answer)
            with self._answered:
                one.answered(answer, self._judge(one, answer), self._clock.moment())
            self._report(one, before)
        finally:
            with self._answered:
                one.is_asked = False
                self._answered.notify_all()

    def _let_earlier_ones_go_first(self, one: KeyHealth) -> None:
        """Waits a moment for new keys of accounts before it: of two names the first may write."""
        names = list(self._all)
        earlier = [self._all[name] for name in names[: names.index(one.name)]]
        with self._answered:
            self._answered.wait_for(
                lambda: not any(each.is_asked and each.record is None for each in earlier),
                _COURTESY_SECONDS,
            )

    def _judge(self, one: KeyHealth, answer: KeyAnswer | None) -> Verdict:
        """The verdict on the account among the others; called under the lock."""
        if answer is None:
            return Verdict()
        verdict = judge(answer, one.record, self._clock.now())
        if verdict.barred or not verdict.uid:
            return verdict
        holder = self._holder(one, verdict.uid)
        if holder == one.name:
            return verdict
        return replace(verdict, barred=barred_twin(holder, same_key=False))

    def _holder(self, one: KeyHealth, uid: str) -> str:
        """The account that has the UID: this one, if none has it yet."""
        return self._holders.setdefault((one.account.environment, uid), one.name)

    def _keep(self, one: KeyHealth, facts: KeyFacts) -> None:
        """Stores what was read of a key, unless nothing but the time is new."""
        now, before = self._clock.now(), one.record
        alerted, alert = expiry_alert(
            one.account, facts, before, now, self._store, self._randomness
        )
        record = KeyRecord(one.fingerprint, one.name, facts.uid, now, facts.expires_at, alerted)
        with self._answered:
            if self._is_closed:
                return
        if alert is None and before is not None and _same(before, record):
            return
        self._store.key_read(record, alert)
        with self._answered:
            one.record = record

    def _report(self, one: KeyHealth, before: str) -> None:
        """Logs what is new in the verdict, and notifies whoever runs the monitors of a change."""
        verdict = one.verdict or Verdict()
        lines = verdict.warnings if not verdict.barred else (f"no write leaves: {verdict.barred}",)
        bound = logger.bind(account=one.name)
        for line in lines:
            if line not in one.warned:
                bound.warning("{}", line)
        if before and not verdict.barred:
            bound.info("the account may write again")
        one.warned = lines
        if before != verdict.barred:
            self.on_change(one.name)


def _same(before: KeyRecord, now: KeyRecord) -> bool:
    """Whether two records differ in nothing but the time, on one day."""
    return replace(before, read_at=now.read_at) == now and _day(before) == _day(now)


def _day(record: KeyRecord) -> datetime:
    return record.read_at.replace(hour=0, minute=0, second=0, microsecond=0)
