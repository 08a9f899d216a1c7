"""Mail with a Message-ID of ours: apprise draws a new one for every try."""

from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from smtplib import SMTPException, SMTPResponseException

from apprise.exception import AppriseException
from apprise.plugins.email.base import NotifyEmail
from apprise.plugins.email.smtp import AppriseSMTPController

from ...domain.model.alert import Alert
from ...domain.model.errors import NotTaken
from .message import title_and_body

_LOGIN_REFUSED = 535


def send_mail(service: NotifyEmail, alert: Alert) -> None:
    """Sends an alert by the mail server of a ``mailto://`` URL, as apprise understands it.

    Whoever gets it twice sees one message: mail programs know a repeat by its Message-ID.

    Raises:
        NotTaken: the server did not take it.
    """
    message = _message(service, alert)
    try:
        with AppriseSMTPController(
            host=service.smtp_host,
            port=int(service.port or 0),
            secure_mode=str(service.secure_mode),
            user=service.user,
            password=service.password,
            verify_certificate=service.verify_certificate,
            socket_connect_timeout=round(service.socket_connect_timeout),
        ) as server:
            receivers = [receiver for _, receiver in service.targets]
            everybody = [*receivers, *service.cc, *service.bcc]
            is_taken = server.sendmail(str(service.from_addr[1]), everybody, message.as_string())
    except SMTPResponseException as error:
        text = f"the mail server answers {error.smtp_code}"
        raise NotTaken(text, is_final=error.smtp_code == _LOGIN_REFUSED) from None
    except (OSError, RuntimeError, SMTPException, AppriseException) as error:
        raise NotTaken(f"the mail server cannot be used: {type(error).__name__}") from None
    if not is_taken:
        raise NotTaken("the mail server did not take the message")


def _message(service: NotifyEmail, alert: Alert) -> EmailMessage:
    title, body = title_and_body(alert)
    named = f"{alert.key.account} {alert.key.symbol}".strip()
    sender, address = str(service.from_addr[0] or ""), str(service.from_addr[1])
    made = EmailMessage()
    made["Subject"] = f"{title} ({named})" if named else title
    made["From"] = formataddr((sender, address))
    made["To"] = ", ".join(
        formataddr((str(name or ""), str(receiver))) for name, receiver in service.targets
    )
    if service.cc:
        made["Cc"] = ", ".join(sorted(service.cc))
    if service.reply_to:
        made["Reply-To"] = ", ".join(sorted(service.reply_to))
    made["Date"] = format_datetime(alert.created_at)
    made["Message-ID"] = f"<{alert.identity}.trueup@{address.partition('@')[2]}>"
    made["Idempotency-Key"] = alert.identity
    made.set_content(body)
    return made
