"""An engine that serves its page, as a process of its own."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from ...service.asking import TOKEN
from ..desk import Desk
from .test_channel import with_section


@contextmanager
def paged(desk: Desk) -> Iterator[str]:
    """Runs the engine until the context ends, in good order; gives the address of its page."""
    with_section(desk, 'listen = "127.0.0.1:0"\ntoken_env = "PAGE_TOKEN"')
    desk.env["PAGE_TOKEN"] = TOKEN
    process = desk.process("run")
    assert process.stderr is not None
    said = (re.search(r"and (127\.0\.0\.1:\d+)", line) for line in process.stderr)
    found = next(match for match in said if match is not None)
    yield f"http://{found[1]}"
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 0
