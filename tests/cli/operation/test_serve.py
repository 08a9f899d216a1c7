"""``trueup serve`` as a process: its address, the log-in, the page, TLS, its end, its mistakes."""

import re
import shutil
import signal
import socket
import ssl
import subprocess
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from ...service.page.asking import Visitor
from ..desk import Desk, Process

WITHOUT = "127.0.0.1:0"


@pytest.fixture
def ran(desk: Desk) -> Desk:
    """A desk on whose database an engine has run once."""
    assert desk("run", "--once").exit_code == 0
    return desk


def said(process: Process) -> str:
    """What it says next."""
    assert process.stdout is not None
    return process.stdout.readline()


def ended(process: Process, number: signal.Signals = signal.SIGTERM) -> str:
    """Ends it; what it said besides."""
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr
    assert "Traceback" not in stderr
    return stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_address_and_token_serves_and_ends(ran: Desk, number: signal.Signals) -> None:
    process = ran.process("serve", "--listen", WITHOUT)
    origin = said(process).split()[0]
    token = said(process).split()[-1]
    visitor = Visitor(origin)
    assert visitor.get("/").headers["location"] == "/log-in"
    assert visitor.log_in(f"{token}x").status == 401
    assert visitor.log_in(token).status == 303
    text = visitor.get("/").text
    assert "0 of 2 monitors need a person" in text
    assert "Halt everything" not in text, "without an engine it takes no command"
    assert ended(process, number) == "stopped\n"


def test_the_token_of_a_file_is_not_printed(ran: Desk) -> None:
    file = ran.folder / "token"
    file.write_text("a-token-of-a-file-Ls94\n", encoding="utf-8")
    file.chmod(0o600)
    process = ran.process("serve", "--listen", WITHOUT, "--token-file", str(file))
    visitor = Visitor(said(process).split()[0])
    assert visitor.log_in("a-token-of-a-file-Ls94").status == 303
    assert ended(process) == "stopped\n"


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("--listen", "127.0.0.1:99999"), "is no address and port"),
        (("--listen", "8711"), "is no address and port"),
        (("--listen", "0.0.0.0:8711"), "--tls-certificate"),
        (
            ("--listen", WITHOUT, "--token-file", "none.txt"),
            "--token-file: the file cannot be read",
        ),
        (("--listen", WITHOUT, "--tls-key", "key.pem"), "belong together"),
        (
            ("--listen", WITHOUT, "--tls-key", "none.pem", "--tls-certificate", "none.pem"),
            "the certificate none.pem with the key none.pem cannot be used",
        ),
    ],
)
def test_a_mistake_is_named(ran: Desk, args: tuple[str, ...], why: str) -> None:
    result = ran("serve", *args)
    assert result.exit_code == 2
    assert why in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_a_port_that_is_taken_is_named(ran: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = ran("serve", "--listen", f"127.0.0.1:{port}")
    assert result.exit_code == 2
    assert f"127.0.0.1 port {port} cannot be listened to" in " ".join(result.output.split())


def test_without_a_database_it_says_so_and_makes_none(lone: Desk) -> None:
    result = lone("serve", "--listen", WITHOUT)
    assert result.exit_code != 0
    assert "trueup.db" in result.output
    assert "Traceback" not in result.output
    assert not lone.database.exists()


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of this machine's own address, signed by itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl here, which makes the certificate")
    made, key = tmp_path / "own.pem", tmp_path / "own.key"
    subject = ("-subj", "/CN=trueup test", "-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-keyout", str(key), "-out", str(made), "-days", "1", "-nodes")
    subprocess.run(  # noqa: S603 - the system's own program
        [openssl, "req", "-x509", "-newkey", "rsa:2048", *subject, *files],
        check=True,
        capture_output=True,
    )
    return made, key


def test_over_tls_the_cookie_is_for_tls_alone(ran: Desk, certificate: tuple[Path, Path]) -> None:
    made, key = certificate
    process = ran.process(
        "serve", "--listen", WITHOUT, "--tls-certificate", str(made), "--tls-key", str(key)
    )
    origin = said(process).split()[0]
    token = said(process).split()[-1]
    assert origin.startswith("https://127.0.0.1:")
    place = urlsplit(origin).netloc
    trusting = ssl.create_default_context(cafile=made)
    connection = HTTPSConnection(place, timeout=20, context=trusting)
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
    connection.request("POST", "/log-in", urlencode({"token": token}), form)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 303
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-trueup=")
    assert re.search(r";\s*secure", cookie, re.IGNORECASE)
    connection.request("GET", "/", headers={"Cookie": cookie.partition(";")[0]})
    assert "monitors need a person" in connection.getresponse().read().decode()
    connection.close()
    stranger = HTTPSConnection(place, timeout=20, context=ssl.create_default_context())
    with pytest.raises(ssl.SSLCertVerificationError):
        stranger.request("GET", "/")
    stranger.close()
    assert ended(process) == "stopped\n"
