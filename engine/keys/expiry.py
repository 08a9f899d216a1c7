"""The alert that a key expires, for the outbox."""

from dataclasses import replace
from datetime import datetime

from ...domain.keys.facts import KeyFacts, KeyRecord
from ...domain.keys.judgement import expiry_due, expiry_text
from ...domain.model.alert import Alert, AlertFacts, AlertKind
from ...domain.model.record import RunOutcome
from ...domain.ports import Randomness
from ...domain.reporting.alert_text import account_alert_text
from ...domain.store import Store
from ...domain.venue.account import Account


def expiry_alert(
    account: Account,
    facts: KeyFacts,
    before: KeyRecord | None,
    now: datetime,
    store: Store,
    randomness: Randomness,
) -> tuple[int | None, Alert | None]:
    """The alert about the key's expiry, if one is due now.

    It is put beside the account's first monitor; an account without monitors has no alert.

    Returns:
        For how many days before the expiry an alert was made so far, and the new alert.
    """
    known = before is not None and before.expires_at == facts.expires_at
    alerted = before.expiry_alerted if before is not None and known else None
    due = expiry_due(facts, before, now)
    if due is None or facts.expires_at is None:
        return alerted, None
    keys = [one.key for one in store.monitors() if one.key.account == account.name]
    if not keys:
        return alerted, None
    text = account_alert_text(
        account.name, account.role, "API KEY EXPIRES", expiry_text(facts.expires_at, now)
    )
    alert = Alert(randomness.run_id(), keys[0], RunOutcome.SKIPPED, text, now)
    return due, replace(alert, facts=AlertFacts(kinds=(AlertKind.ACCOUNT,)))
