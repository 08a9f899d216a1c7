"""What the Makefile would run, as ``make -n`` prints it."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_new_pin_is_installed_after_it_is_made(tmp_path: Path) -> None:
    """An environment of what was pinned before would lack the new dependency."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch(0o755)
    stamp = tmp_path / ".venv" / ".installed"
    for number, path in enumerate(
        (tmp_path / "requirements.lock", stamp, tmp_path / "pyproject.toml")
    ):
        path.touch()
        os.utime(path, (number, number))
    ran = subprocess.run(
        ["make", "-n", "lock"],  # noqa: S607 - whoever develops this has it on the path
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = ran.stdout.splitlines()
    pins = [at for at, line in enumerate(lines) if "uv pip compile" in line]
    made = [at for at, line in enumerate(lines) if "-m venv --clear" in line]
    assert pins
    assert len(made) == 1
    assert made[0] > pins[-1]
