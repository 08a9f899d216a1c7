"""A process with everything imported and one thread, which forks a child a job.

A fork takes a few milliseconds where an interpreter with all imports takes a second. It reads
jobs, a line each, and answers with the child's process id, then with its exit status.
"""

import os
import sys

from tests.crash.child import work
from tests.crash.job import Job


def main() -> None:
    """Forks a child a line until the input ends."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _live(line)
        _say(child)
        _say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _live(line: str) -> None:
    """The child's whole life: what it prints goes where errors go, and it never returns."""
    status = 1
    try:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        work(Job.of(line))
        status = 0
    finally:
        os._exit(status)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
