"""No key of an account is in what is recorded of its runs, which is compressed."""

from contextlib import closing
from pathlib import Path

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup.domain.recording.codec import to_text
from trueup.storage import open_reader
from trueup.storage.audit import recordings


def test_a_record_names_no_key(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.6800")
        mirror = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        stage.reconciler.reconcile(mirror)
        stage.reconciler.reconcile(mirror)
        url = stage.url
    with closing(open_reader(url)) as reader:
        found = [to_text(one.items) for each in recordings(reader) for one in each.passes]
    assert len(found) == 2
    assert all("BANDUSDT" in text for text in found)
    assert not [text for text in found if "mirror-key" in text or "mirror-secret" in text]
