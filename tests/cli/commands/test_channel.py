"""``trueup run`` listens while it runs; what keeps it from that stops no engine."""

import signal
import stat
from pathlib import Path

import pytest

from trueup.cli.configuration.loading import load

from ...service.asking import TOKEN, OverUnix, ask
from ..desk import Desk, Process
from .test_serving import lines, runs

RETENTION = "[accounts.main]"


def socket_of(desk: Desk) -> Path:
    return desk.folder / "trueup.db.sock"


def wait_for(process: Process, said: str) -> None:
    """Reads what the engine logs, up to a line."""
    assert process.stderr is not None
    next(line for line in process.stderr if said in line)


def ended(process: Process) -> str:
    """Ends the engine; what it wrote on stderr."""
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in stderr
    return stderr


def with_section(desk: Desk, text: str) -> None:
    desk.write((RETENTION, f"[service]\n{text}\n\n{RETENTION}"))


def test_it_listens_beside_the_database_while_it_runs(desk: Desk) -> None:
    process = desk.process("run")
    path = socket_of(desk)
    wait_for(process, f"commands are taken at {path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ask(OverUnix(path), "/v1/version")[1]["process"] == process.pid
    ended(process)
    assert not path.exists()


def test_the_next_engine_listens_after_a_kill(desk: Desk) -> None:
    process = desk.process("run", "--json")
    next(runs(process))
    process.kill()
    process.communicate()
    assert socket_of(desk).exists()
    again = desk.process("run", "--json")
    next(line for line in lines(again) if "sweep" in line)
    assert ask(OverUnix(socket_of(desk)), "/v1/version")[1]["process"] == again.pid
    ended(again)


def test_a_reload_goes_on_at_the_same_socket_or_at_a_new_one(desk: Desk) -> None:
    process = desk.process("run")
    wait_for(process, "watching 2 monitors")
    made = socket_of(desk).stat().st_ino
    process.send_signal(signal.SIGHUP)
    wait_for(process, f"commands are taken at {socket_of(desk)}")
    wait_for(process, f"commands are taken at {socket_of(desk)}")
    assert socket_of(desk).stat().st_ino == made
    moved = desk.folder / "other.sock"
    with_section(desk, f'socket = "{moved}"')
    process.send_signal(signal.SIGHUP)
    wait_for(process, f"commands are taken at {moved}")
    assert ask(OverUnix(moved), "/v1/version")[1]["process"] == process.pid
    assert not socket_of(desk).exists()
    ended(process)


def test_an_engine_runs_where_it_cannot_listen(desk: Desk) -> None:
    with_section(desk, f'socket = "{desk.folder}/{"long" * 30}"')
    process = desk.process("run", "--json")
    assert next(runs(process))["run"]["outcome"] == "SUCCESS"
    stderr = ended(process)
    assert "the engine runs, but cannot be asked as it should: the path of the socket" in stderr


def test_an_engine_runs_whose_token_is_missing(desk: Desk) -> None:
    with_section(desk, 'listen = "127.0.0.1:0"\ntoken_env = "NO_TOKEN"')
    process = desk.process("run", "--json")
    next(runs(process))
    assert ask(OverUnix(socket_of(desk)), "/v1/version")[0] == 200
    assert "NO_TOKEN is not set: nothing listens to 127.0.0.1:0" in ended(process)


def test_it_listens_nowhere_where_the_file_says_so(desk: Desk) -> None:
    with_section(desk, "socket = false")
    process = desk.process("run", "--json")
    next(runs(process))
    assert not socket_of(desk).exists()
    assert "commands are taken" not in ended(process)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ('listen = "0.0.0.0:8710"', "service.listen: '0.0.0.0:8710' is no address on loopback"),
        ('listen = "127.0.0.1:8710"', "service: listen needs a token"),
        ('token_env = "TOKEN"', "service: token_env belongs to listen"),
        (
            'listen = "127.0.0.1:8710"\ntoken_env = "TOKEN"\ntoken_file = "/token"',
            "service: listen needs a token: give one of token_env, token_file, token_credential,",
        ),
        ("socket = true", "service.socket: it must be a path, or false"),
    ],
)
def test_a_mistake_in_the_section_is_named(desk: Desk, section: str, said: str) -> None:
    with_section(desk, section)
    result = desk("status")
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_token_out_of_a_file_that_others_may_read_is_refused(desk: Desk) -> None:
    file = desk.folder / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    with_section(desk, f'listen = "127.0.0.1:8710"\ntoken_file = "{file}"')
    section = load(desk.config).options.service
    file.chmod(0o600)
    assert section.settings(desk.database).token == TOKEN
    file.chmod(0o644)
    with pytest.raises(Exception, match=f"chmod 600 {file}"):
        section.settings(desk.database)
    file.unlink()
    with pytest.raises(Exception, match="cannot be read"):
        section.settings(desk.database)
