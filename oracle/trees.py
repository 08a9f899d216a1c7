"""The two trees, this one and an old commit's, each run in processes of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Tree:
    """A source tree that has an oracle."""

    root: Path

    def ask(self, *arguments: str | Path) -> str:
        """Runs ``python -m oracle`` in the tree, and returns what it prints.

        Raises:
            subprocess.CalledProcessError: the command failed; its reason is on stderr.
        """
        path = os.pathsep.join(str(part) for part in (self.root / "src", self.root))
        return _output(
            [sys.executable, "-m", "oracle", *map(str, arguments)],
            self.root,
            {**os.environ, "PYTHONPATH": path},
        )

    def play(self, files: Sequence[Path], folder: Path) -> None:
        """Plays the files with the tree's own player; no files, no process."""
        if files:
            self.ask("play", *files, "--to", folder)


HERE = Tree(ROOT)


def commit_of(name: str) -> str:
    """The hash of a commit.

    Raises:
        subprocess.CalledProcessError: there is no such commit.
    """
    return _git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").strip()


@contextmanager
def checked_out(commit: str) -> Iterator[Tree]:
    """Checks a commit out into a temporary folder, until the block ends."""
    with TemporaryDirectory(prefix="trueup-oracle-") as folder:
        root = Path(folder) / "tree"
        _git("worktree", "add", "--quiet", "--detach", str(root), commit)
        try:
            yield Tree(root)
        finally:
            _git("worktree", "remove", "--force", str(root))


def _git(*arguments: str) -> str:
    return _output(["git", *arguments], ROOT)


def _output(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(  # noqa: S603 - git, and this interpreter
        command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout
