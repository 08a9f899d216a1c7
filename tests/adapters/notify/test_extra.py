"""apprise is an extra: nothing imports it before a sink needs it, and its lack is a line."""

import subprocess
import sys

_UNUSED = """
import sys
import trueup
trueup.Reconciler, trueup.AppriseSink, trueup.LogSink
assert not [name for name in sys.modules if name.partition(".")[0] == "apprise"]
"""
_LACKING = """
import sys
sys.modules["apprise"] = None
import trueup
try:
    trueup.AppriseSink("json://127.0.0.1:1/hook")
except trueup.ConfigurationError as error:
    print(error)
"""


def _said(program: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_nothing_imports_it_before_a_sink_needs_it() -> None:
    assert _said(_UNUSED) == ""


def test_its_lack_is_a_line_that_says_what_to_do() -> None:
    assert _said(_LACKING) == 'alerts by URL need apprise: pip install "trueup[alerts]"'
