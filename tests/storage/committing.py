"""A process that commits from many threads and says on its output what was acknowledged.

It goes on until it is killed. Each line is the link of a monitor's id and its new version.
"""

import os
import sys
from threading import Thread

from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.store import Step
from trueup.storage import SqlStore, open_store

from .samples import transition, watched

THREADS = 8


def commit_for_ever(store: SqlStore, number: int) -> None:
    """Commits on one monitor, as fast as the store takes it."""
    record = watched(store, MonitorKey("mirror", f"COIN{number}USDT", Side.SELL))
    while True:
        record = store.commit(Step(record, transitions=(transition(),)))
        os.write(sys.stdout.fileno(), f"{record.id} {record.version}\n".encode())


if __name__ == "__main__":
    opened = open_store(sys.argv[1])
    for index in range(THREADS):
        Thread(target=commit_for_ever, args=(opened, index)).start()
