"""Where keys are: a variable, a file or a credential of systemd's; never the configuration."""

import json
import re
from pathlib import Path

import pytest

from trueup.cli.configuration.secrets import CREDENTIALS

from ..desk import KEYS, Desk

VARIABLE = 'api_secret_env = "MAIN_SECRET"'
SECRET = KEYS["MAIN_SECRET"]


@pytest.mark.parametrize("ended", ["", "\n", "\r\n"])
def test_a_file_holds_the_key(desk: Desk, ended: str) -> None:
    file = desk.folder / "main-secret"
    file.write_bytes(f"{SECRET}{ended}".encode())
    file.chmod(0o600)
    desk.write((VARIABLE, f'api_secret_file = "{file}"'))
    assert _reads(desk)


def test_a_credential_holds_the_key(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "main.secret").write_text(SECRET, "utf-8")
    (folder / "main.secret").chmod(0o440)  # as systemd's look, where a unit has a user of its own
    desk.write((VARIABLE, 'api_secret_credential = "main.secret"'))
    desk.env[CREDENTIALS] = str(folder)
    assert _reads(desk)


def _reads(desk: Desk) -> bool:
    """Whether a run with these keys sees the exchange."""
    result = desk("run", "--once", "--json")
    return bool(json.loads(result.stdout)["true"])


ONE_OF = (
    "accounts.main: give one of api_secret_env, api_secret_file, api_secret_credential, "
    "and only one"
)
NOT_HERE = "keys are never written into this file"


@pytest.mark.parametrize(
    ("option", "line"),
    [
        ("", ONE_OF),
        (f'{VARIABLE}\napi_secret_file = "/x"', ONE_OF),
        (
            f'api_secret_file = "{SECRET}"',
            (
                "accounts.main.api_secret_file: it must be the path of a file, with a / in it; "
                f"{NOT_HERE}"
            ),
        ),
        (
            'api_secret_credential = "../main"',
            (
                "accounts.main.api_secret_credential: it must be the NAME of a credential of the "
                f"unit; {NOT_HERE}"
            ),
        ),
        (
            f'api_secret_file = "./{SECRET}"',
            "accounts.main.api_secret_file: the file cannot be read: No such file or directory",
        ),
        ('api_secret_file = "/dev/null"', "accounts.main.api_secret_file: the file is empty"),
        (
            f'api_secret_credential = "{SECRET}"',
            (
                "accounts.main.api_secret_credential: CREDENTIALS_DIRECTORY is not set: systemd "
                "sets it for a unit with LoadCredential="
            ),
        ),
    ],
)
def test_a_place_without_a_key_is_a_mistake_that_shows_no_key(
    lone: Desk, option: str, line: str
) -> None:
    lone.write((VARIABLE, option))
    result = lone("run", "--once")
    told = re.sub(r":\d+:\d+: ", ": ", result.stderr)
    assert (result.exit_code, told) == (2, f"trueup: {lone.config}: {line}\n")


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602, 0o777])
def test_a_file_that_everybody_may_use_is_refused(lone: Desk, mode: int) -> None:
    file = lone.folder / "main-secret"
    file.write_text(SECRET, "utf-8")
    file.chmod(mode)
    lone.write((VARIABLE, f'api_secret_file = "{file}"'))
    said = lone("check").stderr
    assert f"everybody on this machine may use the secret: chmod 600 {file}" in said
    assert SECRET not in said


def test_a_file_of_bytes_is_no_key(lone: Desk) -> None:
    file = lone.folder / "key"
    file.write_bytes(b"\xff\xfe")
    lone.write((VARIABLE, f'api_secret_file = "{file}"'))
    assert "the file is not text in UTF-8" in lone("plan").stderr
