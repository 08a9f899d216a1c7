"""What the environment of the process decides: the proxy, and whom TLS trusts."""

import ssl
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies, select_proxy
from urllib3.util.ssl_ import create_urllib3_context


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that is spoken to in plain HTTP.

    Attributes:
        header: the line that says who asks; empty if the URL does not.
    """

    host: str
    port: int
    header: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies between the process and one host.

    Attributes:
        proxy: its URL; empty for none.
        ca_bundle: the file or folder of the authorities to trust; empty for those of requests.
    """

    proxy: str = ""
    ca_bundle: str = ""

    @property
    def are_plain(self) -> bool:
        """Whether there is no proxy, or one that is spoken to in plain HTTP."""
        try:
            parts = urlsplit(self.proxy)
            return not self.proxy or (
                parts.scheme == "http" and bool(parts.hostname and parts.port)
            )
        except ValueError:  # a port that is no number
            return False

    @property
    def plain_proxy(self) -> Proxy | None:
        """The proxy, where the surroundings are plain and there is one."""
        parts = urlsplit(self.proxy) if self.are_plain else None
        if parts is None or not parts.hostname:
            return None
        headers = HTTPAdapter().proxy_headers(self.proxy)
        header = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return Proxy(parts.hostname, parts.port or 80, header)


def surroundings_of(url: str, ca_bundle: str = "") -> Surroundings:
    """Reads ``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` as requests does."""
    proxy = select_proxy(url, get_environ_proxies(url)) or ""
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    return Surroundings(proxy, ca_bundle)


@cache
def tls_context(ca_bundle: str) -> ssl.SSLContext:
    """The process's one context for that file: certificates and host names are checked."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    trusted = Path(ca_bundle or DEFAULT_CA_BUNDLE_PATH)
    if trusted.is_dir():
        context.load_verify_locations(capath=trusted)
    else:
        context.load_verify_locations(cafile=trusted)
    context.set_alpn_protocols(["http/1.1"])
    return context
