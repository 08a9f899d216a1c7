"""Attacks: HTML in what clients send, and pages of elsewhere that would drive the simulator."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest
from pybit.unified_trading import HTTP
from selenium.webdriver import Remote
from selenium.webdriver.common.by import By

from trueup.simulator import Fault, FaultKind, SimulatorServer

from .conftest import SYMBOL, UID, shown, wait_for

pytestmark = pytest.mark.browser

LINK = "<img src=x onerror=hacked=1>"
HTML = f"{LINK}<script>hacked=1</script>"
NAME = "<img/src=x/onerror=hacked=1><script>hacked=1</script>"
"""The same without spaces, as names are."""
ATTACK = """<!doctype html><title>evil</title><iframe name="frame" src="{url}/"></iframe>
<form id="form" method="post" enctype="text/plain" target="frame" action="{url}/control/set_price">
<input name='{{"symbol": "BANDUSDT", "price": "9", "x' value='": 1}}'></form><script>
const body = JSON.stringify({{symbol: "BANDUSDT", price: "9"}});
const send = (mode) => fetch("{url}/control/set_price", {{method: "POST", mode, body}})
  .then((reply) => reply.type, (error) => "refused");
const read = fetch("{url}/control/overview").then((reply) => reply.text(), () => "refused");
const script = new Promise((done) => {{
  const tag = document.createElement("script");
  tag.onload = () => done("loaded");
  tag.onerror = () => done("refused");
  tag.src = "{url}/page/page.js";
  document.head.append(tag);
}});
document.getElementById("form").submit();
Promise.all([send("no-cors"), send("cors"), read, script])
  .then((seen) => {{ document.title = seen.join(" "); }});
</script>"""


class _Evil(BaseHTTPRequestHandler):
    page: ClassVar[bytes] = b""

    def do_GET(self) -> None:
        """Serve the attack."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere(served: SimulatorServer) -> Iterator[str]:
    """A site on another port of this machine, whose page attacks the simulator."""
    _Evil.page = ATTACK.format(url=served.url).encode()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Evil) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_html_is_shown_as_text(page: Remote, client: HTTP, served: SimulatorServer) -> None:
    entry = {"symbol": SYMBOL, "side": "Buy", "orderType": "Limit", "qty": "1", "price": "0.5"}
    served.sim.record_order(UID, **entry, orderLinkId=LINK)
    served.sim.add_account(uid=NAME, api_key="other", api_secret="other")
    served.sim.inject(Fault(kind=FaultKind.RET_CODE, text=HTML))
    served.sim.inject(Fault(kind=FaultKind.NOT_JSON, path=HTML))
    with pytest.raises(Exception, match="onerror"):
        client.place_order(category="linear", **entry, orderLinkId=LINK)
    wait_for(page, lambda: "retCode 10016" in shown(page, "requests"))
    page.execute_script("document.querySelector('#requests details').open = true")
    assert LINK in shown(page, "orders")
    for part, text in (("requests", HTML), ("in-force", HTML), ("accounts", NAME)):
        assert text in shown(page, part), part
    assert shown(page, "requests").count("onerror") >= 3, "the parameters, the text, the reply"
    assert page.execute_script("return window.hacked ?? null") is None
    assert page.find_elements(By.CSS_SELECTOR, "main img, main script") == []
    blocked = page.execute_script(
        "try { document.body.innerHTML = '<p>'; return 'taken'; } catch { return 'blocked'; }"
    )
    assert blocked == "blocked"


def test_a_page_of_elsewhere_drives_nothing(
    chromium: Remote, served: SimulatorServer, elsewhere: str
) -> None:
    before = served.sim.price(SYMBOL)
    chromium.get(elsewhere)
    wait_for(chromium, lambda: chromium.title != "evil")
    assert chromium.title == "refused refused refused refused"
    chromium.switch_to.frame("frame")
    assert chromium.execute_script("return document.querySelector('main')") is None
    chromium.switch_to.default_content()
    assert served.sim.price(SYMBOL) == before
