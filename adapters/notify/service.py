"""A service that apprise knows: Telegram, Discord, Slack, mail, ntfy, a webhook, and many more.

apprise takes half a second to import: this module is imported with the first sink. apprise sends,
and keeps and repeats nothing here, as the outbox does both.
"""

import logging

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType, PersistentStoreMode
from apprise.common import OverflowMode
from apprise.plugins.email.base import PGP_MODE_DEFAULT, NotifyEmail
from apprise.plugins.telegram import NotifyTelegram

from ...domain.model.alert import Alert
from ...domain.model.errors import ConfigurationError, NotTaken
from ...domain.model.record import RunOutcome
from .answers import Answers
from .mail import send_mail
from .message import fields, footer, title_and_body
from .quiet import quietly, secrets_of, without
from .telegram import send_telegram

_READ_SECONDS = 15.0
"""How long an answer may take: an early end would repeat what has arrived."""
_TYPES = {
    RunOutcome.SUCCESS: NotifyType.SUCCESS,
    RunOutcome.PARTIAL: NotifyType.WARNING,
    RunOutcome.SKIPPED: NotifyType.WARNING,
    RunOutcome.FAILED: NotifyType.FAILURE,
}


class Service:
    """One receiver, named by a URL of apprise.

    Args:
        url: the URL; it holds secrets, and nothing that this class says has any of it.

    Raises:
        ConfigurationError: apprise does not understand it, or it does not name one receiver.
    """

    def __init__(self, url: str) -> None:
        asset = AppriseAsset(
            app_id="trueup",
            app_desc="trueup",
            async_mode=False,
            storage_mode=PersistentStoreMode.MEMORY,
        )
        self._secrets = secrets_of(url)
        with quietly(self._secrets):
            service = Apprise.instantiate(url, asset=asset)
        if service is None:
            raise ConfigurationError("apprise does not understand this URL")
        targets = getattr(service, "targets", None)
        receivers = len(service) if targets is None else len(targets)
        if receivers != 1:
            raise ConfigurationError(
                f"the URL names {receivers} receivers, and must name one: give each a sink of "
                "its own, so that one that refuses repeats nothing for the others"
            )
        if isinstance(service, NotifyEmail) and service.pgp_mode != PGP_MODE_DEFAULT:
            raise ConfigurationError("mail with pgp is not supported")
        if "overflow=" not in url:
            service.overflow_mode = OverflowMode.SPLIT
        if "rto=" not in url:
            service.socket_read_timeout = _READ_SECONDS
        self._service = service
        self._answers = Answers()
        self._all = Apprise(asset=asset)
        self._all.add(service)

    def send(self, alert: Alert) -> None:
        """Sends an alert.

        Raises:
            NotTaken: the service did not take it, or did not answer.
        """
        try:
            with quietly(self._secrets):
                self._send(alert)
        except NotTaken as error:
            text = without(self._secrets, error.message)
            raise NotTaken(text, retry_after=error.retry_after, is_final=error.is_final) from None

    def _send(self, alert: Alert) -> None:
        service = self._service
        if isinstance(service, NotifyEmail):
            send_mail(service, alert)
            return
        if isinstance(service, NotifyTelegram):
            send_telegram(service, alert)
            return
        title, body = title_and_body(alert)
        if not self._has_fields(alert):
            body = f"{body}\n\n{footer(alert)}"
        result = self._all.notify(
            body=body,
            title=title,
            notify_type=_TYPES.get(alert.status, NotifyType.INFO),
            body_format=NotifyFormat.TEXT,
            log_level=logging.WARNING,
        )
        if not result:
            raise self._answers.refused([entry.message for entry in result.logs()])
        self._answers.taken()

    def _has_fields(self, alert: Alert) -> bool:
        """Gives a webhook the key as a header, and the fields; returns whether it is one."""
        service = self._service
        headers = getattr(service, "headers", None)
        if isinstance(headers, dict):
            headers["Idempotency-Key"] = alert.identity
        extras = getattr(service, "payload_extras", None)
        if not isinstance(extras, dict):
            return False
        extras.update(fields(alert))
        return True
