"""The sockets: who can connect, and what stands in the way of one."""

import socket
import stat
from pathlib import Path

import pytest

from trueup.service.listening.sockets import CannotListen, loopback_socket, unix_socket
from trueup.service.settings import Address, ServiceSettings

from ..asking import OverUnix, ask, served


def killed(path: Path) -> None:
    """What an engine that was killed leaves behind."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))


def test_only_the_owner_can_connect_and_the_file_goes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    with unix_socket(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.exists()


def test_what_a_killed_engine_left_behind_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    killed(path)
    with served(ServiceSettings(path)) as (server, said):
        assert ask(OverUnix(path), "/v1/version")[0] == 200
        assert (server.listens_to, said) == ((str(path),), [])


def test_a_socket_that_answers_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    with served(ServiceSettings(path)):
        with served(ServiceSettings(path)) as (server, said):
            assert not server.listens_to
        assert said == [f"another service listens to {path}: give each a socket of its own"]
        assert ask(OverUnix(path), "/v1/version")[0] == 200


def test_a_file_is_never_removed(tmp_path: Path) -> None:
    path = tmp_path / "trueup.db"
    path.write_text("rows", encoding="utf-8")
    with pytest.raises(CannotListen, match="is not a socket"), unix_socket(path):
        pass
    assert path.read_text(encoding="utf-8") == "rows"


def test_a_socket_that_took_its_place_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    with unix_socket(path):
        path.rename(tmp_path / "moved")
        killed(path)
    assert path.exists()


def test_a_path_that_is_too_long_is_named(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 100)
    with (
        pytest.raises(CannotListen, match=r"longer than 107 bytes.*\[service\] socket"),
        unix_socket(path),
    ):
        pass


def test_a_folder_that_everybody_may_write_into_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(CannotListen, match="everybody may write"), unix_socket(folder / "a.sock"):
        pass
    folder.chmod(0o1777)
    with unix_socket(folder / "a.sock"):
        assert (folder / "a.sock").is_socket()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with (
        pytest.raises(CannotListen, match="cannot be listened to: No such file"),
        unix_socket(tmp_path / "none" / "a.sock"),
    ):
        pass


def test_a_port_that_somebody_else_has() -> None:
    with loopback_socket(Address("127.0.0.1", 0)) as first:
        taken = Address("127.0.0.1", first.getsockname()[1])
        with pytest.raises(CannotListen, match="Address already in use"), loopback_socket(taken):
            pass
