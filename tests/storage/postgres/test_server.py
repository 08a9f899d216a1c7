"""The server: who may write, what happens when connections break, and what nobody may read."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.postgres import Server
from trueup.domain.model.errors import Fenced, StoreError, StoreLocked, StoreUnavailable
from trueup.domain.store import Step
from trueup.storage import SqlStore, open_reader, open_store
from trueup.storage.postgres.access.address import Address, address_of
from trueup.storage.postgres.access.connections import connected
from trueup.storage.postgres.access.ownership import IS_LOCK

from ..databases import client
from ..samples import KEY, alert, call, decision, intent, transition, watched

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
COUNTS = """
SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM intent),
       (SELECT count(*) FROM alert), (SELECT count(*) FROM phrase)"""
OTHERS_FROM = f"{CUT.partition(') ')[2]} AND pid <> pg_backend_pid()"
OTHERS = f"{CUT} AND pid <> pg_backend_pid()"


@contextmanager
def stopped(processes: Sequence[int]) -> Iterator[None]:
    """A context in which these processes of the server stand still."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


@pytest.fixture
def url(postgres: Server) -> Iterator[str]:
    """The URL of a database with the tables of a store."""
    with postgres.database() as made:
        yield made


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """An open, empty store."""
    with open_store(url) as opened:
        yield opened


def test_a_step_is_one_statement_and_nothing_of_a_fenced_one_is_written(
    store: SqlStore, url: str
) -> None:
    record = watched(store)
    step = Step(
        record, (transition(),), (call(),), (decision(),), (intent(),), alert(), inputs=b"\0one"
    )
    store.commit(step)
    with client(url) as other:
        before = other.execute(COUNTS).fetchone()
        assert before == (1, 1, 1, 1)
        with pytest.raises(Fenced):
            store.commit(replace(step, intents=(intent("r2-1"),)))
        assert other.execute(COUNTS).fetchone() == before
        other.execute("UPDATE monitor SET version = 77")
    with pytest.raises(Fenced):
        store.commit(replace(step, record=replace(record, version=1)))


def test_a_commit_is_flushed_before_it_is_acknowledged(store: SqlStore) -> None:
    with store.connection() as connection:
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_numbers_keep_every_digit_and_texts_are_in_the_order_of_their_bytes(
    store: SqlStore,
) -> None:
    keys = [replace(KEY, symbol=symbol) for symbol in ("ÄUSDT", "bUSDT", "BUSDT", "aUSDT")]
    for key in keys:
        watched(store, key)
    assert [one.key.symbol for one in store.monitors()] == ["BUSDT", "aUSDT", "bUSDT", "ÄUSDT"]


def test_connections_that_broke_are_opened_anew(store: SqlStore, url: str) -> None:
    record = watched(store)
    with client(url) as other:
        other.execute(OTHERS)
    with pytest.raises(StoreUnavailable):
        store.commit(Step(record))
    assert store.load(KEY) == record
    assert store.commit(Step(record)).version == record.version + 1


def test_a_server_that_nothing_reaches_is_an_error_within_seconds(url: str) -> None:
    """Else a commit waits for a quarter of an hour, and nobody is told."""
    with closing(connected(address_of(url))) as raw:
        asked = raw.info.get_parameters()
    assert asked["tcp_user_timeout"] == "10000"
    assert (asked["keepalives_idle"], asked["keepalives_interval"]) == ("5", "5")


def test_a_server_that_is_reached_and_silent_is_an_error_until_it_goes_on(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine answers each packet: a commit waited for ever, and nobody was told."""
    monkeypatch.setattr("trueup.storage.postgres.store.ANSWERED_WITHIN", timedelta(seconds=0.5))
    with open_store(url) as store, client(url) as other:
        record = store.commit(Step(watched(store)))
        processes = [pid for (pid,) in other.execute(f"SELECT pid {OTHERS_FROM}").fetchall()]
        with stopped(processes), pytest.raises(StoreUnavailable, match=r"silent for 0\.5 s"):
            store.commit(Step(record))
        kept = store.load(KEY)
        assert kept is not None
        assert store.commit(Step(kept)).version == kept.version + 1


def test_a_lock_that_the_server_has_not_given_back_yet_is_no_other_trueup(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service would have ended, as if a second one had been started."""
    monkeypatch.setattr("trueup.storage.postgres.access.ownership.CHECKED_EVERY_S", 0.0)
    monkeypatch.setattr(
        "trueup.storage.postgres.access.ownership.ANSWERED_WITHIN", timedelta(seconds=0.5)
    )
    with open_store(url) as store, client(url) as other:
        record = watched(store)
        locks = f"SELECT pid FROM pg_locks WHERE {IS_LOCK}"  # noqa: S608 - our own words
        processes = [pid for (pid,) in other.execute(locks).fetchall()]
        with stopped(processes):
            for _ in range(2):
                with pytest.raises(StoreUnavailable):
                    store.commit(Step(record))
        waited = "SELECT pg_advisory_lock(hashtext('trueup'), hashtext(current_schema()))"
        free = "SELECT pg_advisory_unlock(hashtext('trueup'), hashtext(current_schema()))"
        other.execute(waited)  # Until the server has ended the process of before.
        other.execute(free)
        assert store.commit(Step(record)).version == record.version + 1


def test_a_store_that_lost_its_lock_to_another_writes_nothing(
    store: SqlStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trueup.storage.postgres.access.ownership.CHECKED_EVERY_S", 0.0)
    record = store.commit(Step(watched(store)))
    with client(url) as other:
        other.execute(OTHERS)
    with open_store(url) as second:
        with pytest.raises(StoreLocked, match="in use by another trueup"):
            store.commit(Step(record))
        assert second.commit(Step(record)).version == record.version + 1
    with pytest.raises(StoreError):
        store.commit(Step(record))


def test_a_forked_process_leaves_the_connections_alone(store: SqlStore) -> None:
    record = watched(store)
    child = os.fork()
    if not child:
        try:
            store.load(KEY)
        except StoreLocked:
            os._exit(3)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
    assert store.commit(Step(record)).version == record.version + 1


def test_a_password_is_in_no_text(postgres: Server) -> None:
    url = "postgresql://ann:s3cret@127.0.0.1:1/nowhere?connect_timeout=2"
    assert "s3cret" not in repr(address_of(url)) + address_of(url).name
    for opened in (open_store, open_reader):
        with pytest.raises(StoreError) as caught:
            opened(url)
        said = f"{caught.value} {caught.value!r} {caught.value.__cause__}"
        assert "nowhere" in said
        assert "s3cret" not in said
    assert postgres.url("postgres")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://",
        "postgresql://ann:s3cret@host",
        "postgresql://ann:s3cret@host:port/trueup",
        "postgresql://ann:s3cret@[::1/trueup",
        "postgresql://ann:s3cret@127.0.0.1/trueup?s3cret=1",
    ],
)
def test_a_url_of_no_database_is_refused_without_a_word_of_it(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert "s3cret" not in f"{caught.value!r} {caught.value} {caught.value.__cause__}"


def test_an_address_is_named_by_server_and_database() -> None:
    address = address_of("postgresql://ann:s3cret@db.example.com:6432/trueup?sslmode=require")
    assert address.name == "postgresql://db.example.com:6432/trueup"
    assert address.has_password
    assert not Address("postgresql://ann@host/trueup", "").has_password


def test_a_reader_cannot_write(store: SqlStore, url: str) -> None:
    watched(store)
    with (
        open_reader(url) as reader,
        pytest.raises(StoreError, match="read-only"),
        reader.connection() as connection,
    ):
        connection.execute("DELETE FROM monitor")
    with closing(connected(address_of(url))) as raw:
        assert raw.execute(b"SELECT count(*) FROM monitor").fetchone() == (1,)
