"""Children as the parent sees them: started, killed, waited for, led step by step."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from tests.crash.job import Job, Tale

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0


class Child:
    """A child process that is under way.

    Args:
        job: what it does.
        pid: its process id.
        answers: where its exit status comes from.
    """

    def __init__(self, job: Job, pid: int, answers: IO[bytes]) -> None:
        self.job = job
        self._pid = pid
        self._answers = answers

    def kill(self) -> None:
        """SIGKILL: it does nothing more from now on."""
        os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> int:
        """Its exit status; below 0 is the signal that killed it.

        Raises:
            TimeoutError: it neither ended nor was killed for a long time.
        """
        if not select.select([self._answers], [], [], PATIENCE_S)[0]:
            self.kill()
            raise TimeoutError(f"{self.job.name} hung")
        return int(self._answers.readline())

    def tale(self) -> Tale:
        """Waits for it, and what it tells.

        Raises:
            AssertionError: it was killed, or a defect ended it.
        """
        status = self.wait()
        if status != 0:
            raise AssertionError(f"{self.job.name} ended with {status}")
        return Tale.read(self.job.told)


class Zygote:
    """Starts children, one at a time; see :mod:`tests.crash.zygote`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            bufsize=0,
        )

    def close(self) -> None:
        """Ends it."""
        self._process.communicate()

    def start(self, job: Job) -> Child:
        """A child at work."""
        asked, answers = self._process.stdin, self._process.stdout
        if asked is None or answers is None:
            raise RuntimeError("the zygote has no pipes")
        asked.write(f"{job.text()}\n".encode())
        return Child(job, int(answers.readline()), answers)


class Stepped:
    """A child that waits at every crash point until it is told to go on."""

    def __init__(self, zygote: Zygote, job: Job) -> None:
        for pipe in (job.steps, job.goes):
            os.mkfifo(pipe)
        self.child = zygote.start(job)
        self._steps = job.steps.open(encoding="utf-8")
        self._goes = job.goes.open("w", encoding="utf-8", buffering=1)
        self.at = self._next()

    @property
    def is_over(self) -> bool:
        """Whether it came to its end."""
        return not self.at

    def go(self) -> str:
        """Lets it go on; the point it reaches next, empty at its end."""
        self._goes.write("\n")
        self.at = self._next()
        return self.at

    def finish(self) -> Tale:
        """Lets it go on to its end."""
        while not self.is_over:
            self.go()
        tale = self.child.tale()
        self._steps.close()
        self._goes.close()
        return tale

    def _next(self) -> str:
        return self._steps.readline().strip()
