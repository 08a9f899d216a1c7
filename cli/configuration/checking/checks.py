"""Whether the sections of a configuration fit together, and to the environment."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ....domain.model.errors import ConfigurationError, StoreError
from ....domain.model.identity import MonitorKey, Role, Side
from ....domain.model.stop import AutoWatch, RuleLadder, Stop, check_runner
from ....domain.venue.account import Account
from ....engine.accounts import check_accounts
from ....storage.beside import has_password, named_server
from ....storage.sqlite import database_path
from ..ladders import given_ladder
from ..schema import AccountSection, Configuration, MonitorSection
from ..secrets import SecretKind, SecretPlace, secret_places
from .mistakes import Mistake, mistake_at, named
from .parting import MISSING
from .places import Steps

_OF_SIDE = {
    Side.BUY: 'ladder = [{price = "0.72", share = 60}, {price = "0.74", share = 40}]',
    Side.SELL: 'ladder = [{price = "0.74", share = 60}, {price = "0.72", share = 40}]',
}
"""Ladders that run the right way."""


def _check_database(url: str) -> None:
    """That the URL names a database, and no password.

    Raises:
        ConfigurationError: it has one.
        StoreError: it names none.
    """
    if named_server(url) is None:
        database_path(url)
    elif has_password(url):
        raise ConfigurationError(
            "this url has a password, and secrets are never written into this file: give it by "
            "the environment (PGPASSWORD), or by a file in the form of .pgpass, whose name the url "
            "has (?passfile=/etc/trueup/pgpass)"
        )


def misfits(options: Configuration, numbers: Sequence[int]) -> Iterator[Mistake]:
    """The mistakes between sections; none of them needs the exchange or a key.

    Args:
        options: the configuration, without what is wrong by itself.
        numbers: of each monitor its number in the file.
    """
    found: list[Mistake] = []
    with _noted(found, ("store", "url")):
        _check_database(options.store.url)
    for name, account in options.accounts.items():
        with _noted(found, ("accounts", name, "auto_watch")):
            auto_watch_of(options, account)
    yield from found
    yield from _follows(options)
    yield from _targets(options)
    seen: dict[MonitorKey, int] = {}
    for number, monitor in zip(numbers, options.monitors, strict=True):
        steps = ("monitors", number)
        if monitor.account not in options.accounts:
            known = ", ".join(options.accounts)
            what = f"there is no account {monitor.account!r}; configured are {known}"
            yield mistake_at((*steps, "account"), what)
        first = seen.setdefault(monitor.key, number)
        if first != number:
            yield Mistake(steps, f"{monitor.key} is also {named(('monitors', first))}")
        yield from _ladder(options, steps, monitor)


def unset(options: Configuration) -> Iterator[Mistake]:
    """The accounts' keys that are not where the configuration says."""
    for name, account in options.accounts.items():
        for place in (account.api_key, account.api_secret):
            if place.name == MISSING:
                yield mistake_at(("accounts", name, place.option), "it is missing")
            else:
                yield from _unread(("accounts", name), place, place.read_key)


def unset_of_service(options: Configuration) -> Iterator[Mistake]:
    """What only `trueup run` needs and is not where the configuration says: alert URLs, a bot."""
    alerts = options.alerts
    for name, target in alerts.to.items():
        yield from _unread_of(("alerts", "to", name), target, "url", target.read)
    if (heartbeat := alerts.heartbeat) is not None:
        yield from _unread_of(("alerts", "heartbeat"), heartbeat, "url", heartbeat.read)
    if (telegram := options.telegram) is not None:
        yield from _unread_of(("telegram",), telegram, "token", telegram.read_token)


def unset_token(options: Configuration) -> Iterator[Mistake]:
    """The token that is not where the configuration says; the engine runs without it."""
    service, database = options.service, Path("trueup.db")
    yield from _unread_of(("service",), service, "token", lambda: service.settings(database))


def _unread_of(
    steps: Steps, section: object, what: str, read: Callable[[], object]
) -> Iterator[Mistake]:
    for place in secret_places(section, what):
        yield from _unread(steps, place, read)


def _unread(steps: Steps, place: SecretPlace, read: Callable[[], object]) -> Iterator[Mistake]:
    """Why a secret cannot be read from its place, or cannot be used; it is not shown."""
    try:
        read()
    except ConfigurationError as error:
        is_unset = place.kind is SecretKind.ENV and not os.environ.get(place.name)
        example = f"export {place.name}=…" if is_unset else None
        yield Mistake((*steps, place.option), error.message, example)


def auto_watch_of(options: Configuration, account: AccountSection) -> AutoWatch | None:
    """What positions of an account get that nobody watches; None where that is not asked for.

    Raises:
        ConfigurationError: there is no such template, or it fits no position to come.
    """
    if account.auto_watch is None:
        return None
    template = options.ladders.get(account.auto_watch)
    if template is None:
        raise ConfigurationError(f"there is no [ladders.{account.auto_watch}]")
    ladder = given_ladder(template.levels, template.basis)
    if not isinstance(ladder, RuleLadder):
        raise ConfigurationError(
            f"the levels of [ladders.{account.auto_watch}] are prices: give them in percent or r"
        )
    return AutoWatch(ladder, template.stop.wanted if template.stop else None)


def account_of(options: Configuration, name: str, key: str, secret: str) -> Account:
    """An account, in the form that the engine expects.

    Raises:
        ConfigurationError: it contradicts itself, or its key is empty.
    """
    section = options.accounts[name]
    return Account(
        name,
        key,
        secret,
        role=section.role,
        follows=section.follows,
        environment=section.environment,
        position_mode=section.position_mode,
        auto_watch=auto_watch_of(options, section),
    )


def _follows(options: Configuration) -> Iterator[Mistake]:
    """What is wrong about who follows whom."""
    made: dict[str, Account] = {}
    found: list[Mistake] = []
    for name, section in options.accounts.items():
        steps = ("accounts", name, "follows")
        if section.role is Role.MIRROR and section.follows is None:
            yield mistake_at(steps, "a mirror follows a main: name it")
        with _noted(found, steps):
            made[name] = Account(name, "-", "-", role=section.role, follows=section.follows)
    for name, account in made.items():
        main = made.get(account.follows or "")
        if main is not None or account.follows not in options.accounts:
            with _noted(found, ("accounts", name, "follows")):
                check_accounts((account,) if main is None else (account, main))
    yield from found


def _targets(options: Configuration) -> Iterator[Mistake]:
    """Receivers of alerts that name accounts which there are not."""
    for name, target in options.alerts.to.items():
        for account in sorted(set(target.accounts) - set(options.accounts)):
            steps = ("alerts", "to", name, "accounts")
            yield mistake_at(steps, f"there is no [accounts.{account}]")


def _ladder(options: Configuration, steps: Steps, monitor: MonitorSection) -> Iterator[Mistake]:
    """What the ladder has to do with the side, and with the stop."""
    given, account = monitor.wanted_stop, options.accounts.get(monitor.account)
    ladder, stop = monitor.wanted, given if isinstance(given, Stop) else None
    follows = account is not None and account.follows is not None
    found: list[Mistake] = []
    with _noted(found, (*steps, "ladder"), monitor, _OF_SIDE[monitor.side]):
        if ladder is not None:
            ladder.check_side(monitor.side)
    with _noted(found, (*steps, "stop"), monitor):
        if ladder is not None and not found:
            if stop is not None:
                stop.check_ladder(monitor.side, ladder)
            if account is not None:
                check_runner(ladder.runner, stop, copies=follows)
        if (rule := monitor.wanted_by_rule) is not None and account is not None:
            rule.check_stop(stop, copies=follows)
    yield from found


@contextmanager
def _noted(
    found: list[Mistake],
    steps: Steps,
    monitor: MonitorSection | None = None,
    example: str | None = None,
) -> Iterator[None]:
    """Notes what the library refuses as a mistake of that option."""
    try:
        yield
    except (ConfigurationError, StoreError) as error:
        suffix = "" if monitor is None else f" ({monitor.key})"
        what = f"{error.message}{suffix}"
        found.append(Mistake(steps, what, example) if example else mistake_at(steps, what))
