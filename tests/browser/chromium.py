"""A headless Chromium: found, or installed by apt where that may be, started and ended."""

import fcntl
import os
import re
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from selenium.webdriver import ChromeOptions, Remote
from selenium.webdriver.common.proxy import Proxy, ProxyType
from selenium.webdriver.remote.client_config import ClientConfig

PACKAGES = ("chromium", "chromium-driver")
LIMIT_S = 300.0
QUALITY = 25
"""Of pictures that lose something, in per cent."""
_WHOLE_PARTS = """
const bottom = (one) => Math.ceil(one.getBoundingClientRect().bottom + scrollY + 12);
const ends = [...document.querySelectorAll("section")].map(bottom);
return Math.max(0, ...ends.filter((end) => end <= arguments[0] && end > 0.6 * arguments[0]));
"""
"""Where the last part ends that fits."""
_PORT = re.compile(r"on port (\d+)")


class NoBrowserError(Exception):
    """There is no Chromium here, and none can be installed; the text says why."""


def programs() -> tuple[str, str]:
    """The paths of Chromium and of its driver; installs Debian's packages if they are missing.

    Raises:
        NoBrowserError: they are missing, and apt did not or may not install them.
    """
    with Path(gettempdir(), "trueup-chromium.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # other processes of the same test run want it too
        if not _found():
            _install()
    found = _found()
    if not found:
        raise NoBrowserError(f"apt installed {' and '.join(PACKAGES)}, and they are not there")
    return found


def _found() -> tuple[str, str] | None:
    browser = shutil.which("chromium")
    driver = shutil.which("chromedriver")
    return None if browser is None or driver is None else (browser, driver)


def _install() -> None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise NoBrowserError(f"install {' and '.join(PACKAGES)}: only root with apt-get can")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    commands = ((apt, "update"), (apt, "install", "-y", "--no-install-recommends", *PACKAGES))
    try:
        for command in commands:
            subprocess.run(  # noqa: S603 - the system's own program
                command, check=True, capture_output=True, text=True, timeout=LIMIT_S, env=quiet
            )
    except subprocess.TimeoutExpired as error:
        raise NoBrowserError(f"apt-get took more than {LIMIT_S:.0f} s") from error
    except subprocess.CalledProcessError as error:
        raise NoBrowserError(f"apt-get: {error.stderr.strip()[-200:]}") from error


@contextmanager
def browser() -> Iterator[Remote]:
    """A browser with a profile of its own, which reaches this machine only.

    Raises:
        NoBrowserError: there is none.
    """
    chromium, driver = programs()
    options = ChromeOptions()
    options.binary_location = chromium
    for flag in ("--headless=new", "--no-proxy-server", "--disable-dev-shm-usage", "--lang=en"):
        options.add_argument(flag)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium's sandbox does not start as root
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    command = (driver, "--port=0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - the system's own program
        try:
            url = f"http://127.0.0.1:{_port(process)}"
            direct = Proxy({"proxyType": ProxyType.DIRECT})
            config = ClientConfig(remote_server_addr=url, timeout=60, proxy=direct)
            window = Remote(command_executor=url, options=options, client_config=config)
            try:
                yield window
            finally:
                window.quit()
        finally:
            process.terminate()


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    for line in process.stdout:
        if (found := _PORT.search(line)) is not None and "successfully" in line:
            return int(found[1])
    raise NoBrowserError("chromedriver did not start")


def resize(window: Remote, width: int, height: int, *, dark: bool = False) -> None:
    """Give the page a size in CSS pixels, and the colours that the person prefers."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    tell(window, "Emulation.setDeviceMetricsOverride", size)
    tell(window, "Emulation.setEmulatedMedia", {"features": [scheme]})


def screenshot(window: Remote, path: Path, at_most: int | None = None) -> None:
    """Write a picture of the page from its top, WebP or PNG as the name says.

    Args:
        window: shows the page.
        path: of the picture.
        at_most: how many pixels high, or somewhat less where a part of the page ends; None for the
            whole page, however long.
    """
    height = window.execute_script("return document.documentElement.scrollHeight")
    width = window.execute_script("return window.innerWidth")
    dark = window.execute_script("return matchMedia('(prefers-color-scheme: dark)').matches")
    if at_most is not None and height > at_most:
        height = window.execute_script(_WHOLE_PARTS, at_most) or at_most
    resize(window, width, height, dark=dark)
    tell(window, "Emulation.setScrollbarsHidden", {"hidden": True})
    kind = path.suffix[1:]
    wanted: dict[str, object] = {"format": kind}
    if kind != "png":
        wanted["quality"] = QUALITY
    taken = window.execute("executeCdpCommand", {"cmd": "Page.captureScreenshot", "params": wanted})
    path.write_bytes(b64decode(taken["value"]["data"]))


def tell(window: Remote, command: str, values: Mapping[str, object]) -> None:
    """Give the browser a command of its DevTools."""
    window.execute("executeCdpCommand", {"cmd": command, "params": values})
