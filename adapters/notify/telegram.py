"""Telegram, with its time to wait, and with the text as it is.

apprise reads the URL and is not used to send: of a reply that refuses it tells neither the status
nor ``retry_after``, and what it makes of a text lacks its empty lines and indents.
"""

from apprise.plugins.telegram import NotifyTelegram

from ...domain.model.alert import Alert
from .message import footer, title_and_body
from .telegram_api import ask_telegram, pieces, units


def send_telegram(service: NotifyTelegram, alert: Alert) -> None:
    """Sends an alert to the one chat of a ``tgram://`` URL, its first line in bold.

    What is longer than a message may be is sent as several, in order.

    Raises:
        NotTaken: Telegram did not take it, or did not answer.
    """
    title, body = title_and_body(alert)
    chat, topic = service.targets[0]
    bold = [{"type": "bold", "offset": 0, "length": units(title)}]
    for number, text in enumerate(pieces(f"{title}\n{body}\n\n{footer(alert)}")):
        payload = {
            "chat_id": chat,
            "text": text,
            "entities": [] if number else bold,
            "disable_notification": bool(service.silent),
            "link_preview_options": {"is_disabled": not service.preview},
            **({"message_thread_id": topic} if topic else {}),
        }
        ask_telegram(
            f"{service.notify_url}{service.bot_token}/sendMessage",
            payload,
            service.request_timeout,
            verify=service.verify_certificate,
        )
