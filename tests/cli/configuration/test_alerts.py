"""Who is told: where URLs come from, and what is refused."""

from pathlib import Path

import pytest

from trueup import Alert, AlertFacts, ConfigurationError, MonitorKey, RunOutcome, Side
from trueup.cli.configuration.loading import load
from trueup.cli.configuration.receivers import alert_sinks

from ...adapters.notify.servers import TOKEN
from ...domain.reporting.delivery.test_routing import AT
from .test_schema import MINIMAL

CHAT = f"tgram://{TOKEN}/4242"
SECRET = TOKEN.partition(":")[2]


def loaded(folder: Path, text: str) -> Path:
    """A configuration with that section."""
    path = folder / "trueup.toml"
    path.write_text(f"{MINIMAL}\n{text}", "utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    """Why such a section is refused, when it is read or when its sinks are made."""
    with pytest.raises(ConfigurationError) as raised:
        alert_sinks(load(loaded(folder, text)))
    assert SECRET not in str(raised.value)
    return str(raised.value)


def test_a_url_comes_from_the_environment_a_file_a_credential_or_the_file_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHONE_URL", CHAT)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    for name in ("secret", "night"):
        (tmp_path / name).write_text(f"{CHAT}\n", "utf-8")
        (tmp_path / name).chmod(0o600)
    text = f"""
        [alerts.to.phone]
        url_env = "PHONE_URL"
        [alerts.to.file]
        url_file = "{tmp_path}/secret"
        [alerts.to.night]
        url_credential = "night"
        levels = ["error"]
        [alerts.to.bot]
        url = "json://localhost:8080/hook"
        accounts = ["main"]
        kinds = ["level-filled", "problem"]
    """
    sinks = alert_sinks(load(loaded(tmp_path, text)))
    assert [sink.name for sink in sinks] == ["phone", "file", "night", "bot"]
    fill = Alert(
        "r1",
        MonitorKey("main", "BANDUSDT", Side.SELL),
        RunOutcome.SUCCESS,
        "",
        AT,
        facts=AlertFacts(kinds=("level-filled",)),
    )
    assert [sink.name for sink in sinks if sink.wants(fill)] == ["phone", "file", "bot"]
    (bot,) = alert_sinks(load(loaded(tmp_path, text)), ["bot"])
    assert bot.name == "bot"


@pytest.mark.parametrize(
    ("section", "why"),
    [
        (f'url = "{CHAT}"', "secrets are never written into this file"),
        ('url = "json://me:pass@localhost/hook"', "secrets are never written into this file"),
        ("", "give one of url"),
        ('url_env = "A"\nurl_file = "/b"', "give one of url"),
        ('url = "json://localhost/hook"\nurl_env = "A"', "give one of url"),
        (f'url_file = "{CHAT}"', "it must be the path of a file"),
        ('url_env = "NOT_SET"', "the environment variable NOT_SET is not set"),
        ('url_credential = "night"', "CREDENTIALS_DIRECTORY is not set"),
        ('url_file = "/nowhere/url"', "cannot be read"),
        ('url = "json://localhost/hook"\nkinds = ["fills"]', "there is no kind of alerts 'fills'"),
        ('url = "json://localhost/hook"\nlevels = ["loud"]', r"levels\[0\]"),
        ('url = "json://localhost/hook"\naccounts = ["other"]', r"there is no \[accounts.other\]"),
        ('url = "json://localhost/hook"\nto = "me"', "there is no such option"),
    ],
)
def test_what_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, section: str, why: str
) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    found = refused(tmp_path, f"[alerts.to.phone]\n{section}")
    assert "alerts.to.phone" in found
    assert why.replace("\\", "") in found


def test_a_secret_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(CHAT, "utf-8")
    path.chmod(0o604)
    found = refused(tmp_path, f'[alerts.to.phone]\nurl_file = "{path}"')
    assert f"chmod 600 {path}" in found
    path.chmod(0o640)
    assert alert_sinks(load(tmp_path / "trueup.toml"))


def test_who_is_not_in_the_file_is_refused(tmp_path: Path) -> None:
    path = loaded(tmp_path, '[alerts.to.bot]\nurl = "json://localhost/hook"')
    with pytest.raises(ConfigurationError, match=r"there is no \[alerts.to.phone\]: bot"):
        alert_sinks(load(path), ["phone"])


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ('digest_at = "8 o\'clock"', 'it must be a time of day, such as "08:00"'),
        ('digest_at = "08:00"\nzone = "Mars/Base"', "there is no such time zone"),
        ("[alerts.heartbeat]\nevery_seconds = 0", "alerts.heartbeat"),
    ],
)
def test_what_is_refused_of_the_rest(tmp_path: Path, section: str, why: str) -> None:
    assert why in refused(tmp_path, f"[alerts]\n{section}")
