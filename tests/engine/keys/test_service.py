"""The service and its accounts' keys: asked together, and one that is slow holds up no other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.stage import BAND_LADDER, UIDS
from trueup import Account, CallableSink, LoopSettings, Reconciler, RunOutcome, RunReport
from trueup.adapters.bybit import BybitExchange
from trueup.domain.ports import Exchange
from trueup.simulator import Fault, FaultKind

from .test_whose_key import MAIN, MIRROR, QUERY, Asking, opened

OFTEN = LoopSettings(interval=timedelta(seconds=1), streams=False)
DEADLINE_S = 60.0


class Serving(Asking):
    """A stage on the machine's own clock, whose runs are kept."""

    def open(self) -> Reconciler:
        """A reconciler on the stage's database."""
        self.runs: SimpleQueue[tuple[str, RunReport]] = SimpleQueue()
        return Reconciler(
            self.url,
            accounts=self.accounts(),
            sinks=[CallableSink(self.alerts.append)],
            connect=self.connect,
        )

    def connect(self, account: Account) -> Exchange:
        """The account's real adapter, on the machine's clock."""
        return BybitExchange(account)

    def start(self) -> None:
        """Starts the service on both positions."""
        for name in UIDS:
            self.reconciler.watch(name, "BANDUSDT", "Sell", BAND_LADDER)
        self.reconciler.start(
            settings=OFTEN, on_run=lambda reason, report: self.runs.put((reason, report))
        )

    def first_of(self, *names: str) -> tuple[RunReport, ...]:
        """The accounts' first runs since the last call; runs of others are dropped."""
        found: dict[str, RunReport] = {}
        while not found.keys() >= set(names):
            _, report = self.runs.get(timeout=DEADLINE_S)
            found.setdefault(report.key.account, report)
        return tuple(found[name] for name in names)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Serving]:
    """Two accounts, each with a key of its own."""
    made = opened(Serving, tmp_path)
    assert isinstance(made, Serving)
    with made:
        yield made


def test_every_account_is_asked_once_at_the_start(stage: Serving) -> None:
    stage.start()
    runs = stage.first_of("main", "mirror")
    assert [each.outcome.value for each in runs] == ["SUCCESS", "SUCCESS"]
    assert sorted(stage.asked()) == [MAIN, MIRROR]


def test_an_account_whose_key_is_slow_holds_up_no_other(stage: Serving) -> None:
    slow = Fault(kind=FaultKind.LATE_REPLY, path=QUERY, uid=MAIN, delay_ms=6000)
    stage.sim.inject(slow)
    stage.start()
    (mirror,) = stage.first_of("mirror")
    assert mirror.outcome is RunOutcome.SUCCESS
    assert stage.covered(MAIN) == 0


def test_a_known_key_whose_answer_is_slow_waits_once_and_goes_on_by_the_record(
    stage: Serving,
) -> None:
    stage.start()
    stage.first_of("main", "mirror")
    stage.reconciler.stop()
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "500", "0.6800")
    stage.sim.inject(Fault(kind=FaultKind.LATE_REPLY, path=QUERY, uid=MIRROR, delay_ms=3000))
    stage.reopen()
    stage.start()
    (mirror,) = stage.first_of("mirror")
    assert mirror.outcome is RunOutcome.SUCCESS
    assert stage.covered(MIRROR) == 1500


def test_a_monitor_in_sync_is_alerted_when_its_key_may_only_read(stage: Serving) -> None:
    stage.start()
    stage.first_of("main", "mirror")
    stage.reconciler.stop()
    stage.key_of(MIRROR, read_only=True)
    before = stage.writes_of(MIRROR)
    stage.reopen()
    stage.start()
    (refused,) = stage.first_of("mirror")
    assert refused.outcome is RunOutcome.SKIPPED
    assert refused.covered == 1000
    assert stage.writes_of(MIRROR) == before
    stage.reconciler.stop()
    assert any("may only read" in text for text in stage.texts("mirror"))
    assert not any("may only read" in text for text in stage.texts("main"))


def test_of_two_new_keys_of_one_uid_the_first_name_writes(tmp_path: Path) -> None:
    class TwoNames(Serving):
        mirror_key = ("other-key", "other-secret")

    made = opened(TwoNames, tmp_path)
    made.sim.inject(Fault(kind=FaultKind.LATE_REPLY, path=QUERY, uid=MAIN, delay_ms=700))
    assert isinstance(made, Serving)
    with made:
        made.start()
        runs = made.first_of("main", "mirror")
        assert [each.outcome.value for each in runs] == ["SUCCESS", "SKIPPED"]
        assert made.covered(MAIN) == 1000
        assert replace(made.reconciler.examine()[1], checks=()).is_refused is False
