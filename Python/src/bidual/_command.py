"""The `bidual` command: where it is, and how it is run."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

#: Finished, but not to the tolerance asked.
NOT_TO_TOLERANCE = 2
#: A certificate was not accepted.
NOT_VERIFIED = 3
_BAD_SETTINGS, _BAD_DATA = 64, 65


class BidualError(RuntimeError):
    """The command failed for another reason than its data or its settings."""


def command_path() -> str:
    """The command that runs: the one that BIDUAL in the environment names, that of the package, or the one on the PATH."""
    given = os.environ.get("BIDUAL")
    if given:
        return given
    bundled = Path(__file__).parent / "bin" / "bidual"
    if bundled.is_file():
        return str(bundled)
    found = shutil.which("bidual")
    if found:
        return found
    raise BidualError(
        "there is no bidual command: install the package with it, put it on the PATH, or name it by BIDUAL"
    )


def run(arguments: list[str], folder: str, accepted: tuple[int, ...] = (0,)) -> tuple[int, str]:
    """Runs the command in a folder; its exit code, one of those accepted, and what it printed.

    Raises ValueError for data and settings that the command refuses, with its message; BidualError for all else.
    """
    try:
        done = subprocess.run(
            [command_path(), *arguments], cwd=folder, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise BidualError(f"the bidual command does not run: {error}") from error
    if done.returncode in accepted:
        return done.returncode, done.stdout
    message = done.stderr.strip().removeprefix("bidual: ").removeprefix("Error: ")
    if done.returncode in (_BAD_SETTINGS, _BAD_DATA):
        raise ValueError(message)
    raise BidualError(f"bidual ended with code {done.returncode}: {message}")
