"""A heartbeat: a URL that is asked for while all is well, so that silence is noticed elsewhere."""

from collections.abc import Callable
from threading import Event, Thread

import requests
from loguru import logger

from .quiet import quietly, secrets_of

_TIMEOUT = (4.0, 10.0)
_OK = 400
"""Answers from here on are refusals."""


class Heartbeat:
    """Asks for a URL at regular intervals while nothing is wrong, from a thread of its own.

    ``trueup run`` has one in its configuration; whoever embeds the engine starts one, with
    ``why_unwell``. What it meets disturbs nobody: the first failure in a row is a line of the log,
    which has no part of the URL, and so is the first success after it.

    Args:
        url: what is asked for, such as a check of healthchecks.io or of Uptime Kuma.
        every: seconds between two heartbeats.
        why_unwell: why none may be sent now; empty where all is well. What it raises is a reason,
            too.
    """

    def __init__(self, url: str, every: float, why_unwell: Callable[[], str]) -> None:
        self._url = url
        self._every = every
        self._why_unwell = why_unwell
        self._secrets = secrets_of(url)
        self._said = ""
        self._ends = Event()
        self._thread = Thread(target=self._serve, name="trueup-heartbeat", daemon=True)

    def start(self) -> None:
        """Starts it; the first one is due at once."""
        self._thread.start()

    def stop(self) -> None:
        """Stops it; returns at once, also while a request is under way."""
        self._ends.set()

    def _serve(self) -> None:
        while not self._ends.is_set():
            self.beat()
            self._ends.wait(self._every)

    def beat(self) -> bool:
        """Sends a heartbeat if all is well; returns whether one was taken."""
        why = self._reason() or self._ask()
        if why and not self._said:
            logger.warning("no heartbeat is sent: {}", why)
        elif self._said and not why:
            logger.info("heartbeats are sent again")
        self._said = why
        return not why

    def _reason(self) -> str:
        try:
            return self._why_unwell()
        except Exception as error:  # noqa: BLE001 - whatever it is, all is not well
            return f"what is on record cannot be read: {type(error).__name__}"

    def _ask(self) -> str:
        """Asks for the URL; returns why that failed."""
        try:
            with quietly(self._secrets):
                status = requests.get(self._url, timeout=_TIMEOUT).status_code
        except Exception as error:  # noqa: BLE001 - a heartbeat never disturbs anything
            return f"its URL cannot be reached: {type(error).__name__}"
        return "" if status < _OK else f"its URL answers {status}"
