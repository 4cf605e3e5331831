"""Read, write and back up the folder of a post: it appears complete or not at all, and one run writes at a time.

Folders that are not complete have names that begin with a dot, which Hugo ignores.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.post.locks import Busy, lock_folder
from hugo_llmpapers.temporary import recover, write_folder

PAGE = re.compile(r"index(?:\.[A-Za-z0-9_-]{1,40})?\.md")
"""A page of ours: `index.md`, `index.en.md`."""
IMAGE = re.compile(r"(?P<stem>paper_[0-9]{1,4}(?:-[0-9]{1,4})?)(?:\.[A-Za-z0-9_-]{1,40})?\.(?:png|webp)")
"""An image of ours: `paper_1.png`, `paper_1-2.en.png`; the stem is its name without language and suffix."""
_PREFIX = ".llm-papers-"
LOCK_TIMEOUT_S = 300.0
"""How long a run waits for another one that writes into the same folder: about as long as one run takes."""
BACKUPS = ".llm-papers-backup"
"""Folder in the site's root for posts that `--force` replaced."""


@contextmanager
def write_lock(folder: Path, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[None]:
    """Lock a folder of content for this run, and clean up after killed runs.

    Raises Failure if another run has the lock for longer than `timeout_s`, SetupError if the folder cannot be written to.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(lock_folder(folder, timeout_s))
            recover(folder, _PREFIX)
        except Busy:
            raise Failure(f"Another run is writing into {folder}.", "Wait until it has written its post.") from None
        except OSError as error:
            raise _unwritable(folder, error) from None
        yield


def publish(target: Path, files: Mapping[str, bytes], *, replacing: Path | None = None) -> None:
    """Write the bundle `target` with exactly these files. Call it within `write_lock`.

    replacing: the folder of a bundle, or the file of a page, that it replaces.

    Raises SetupError if the folder cannot be written to; nothing is then changed.
    """
    try:
        target.parent.mkdir(exist_ok=True)  # its owner may have renamed it since it was locked
        write_folder(target, files, prefix=_PREFIX, replacing=replacing)
    except OSError as error:
        raise _unwritable(target.parent, error) from None


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a bundle by name; empty if it does not exist.

    Raises SetupError if it cannot be read, or has a link to a file outside: a copy would be published, the link is not.
    """
    found = {}
    try:
        for path in folder.rglob("*"):
            if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
                raise SetupError(
                    f"{path} is a link that leads out of its post.", "Replace it with the file, or remove it."
                )
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    except OSError as error:
        raise SetupError(f"{folder} cannot be read: {error.strerror or error}.", "Check its permissions.") from None
    return found


def back_up(path: Path, root: Path, timestamp: str) -> Path:
    """Copy a bundle or page to the backup folder of the site, which git and Hugo ignore. Return the copy. Raises SetupError."""
    backups = root / BACKUPS
    if backups.is_symlink():
        raise SetupError(f"{backups} is a link.", "Remove it, so that backups stay in the site.")
    backup, number = backups / f"{path.name}-{timestamp}", 1
    while backup.exists():
        number += 1
        backup = backups / f"{path.name}-{timestamp}-{number}"
    try:
        backups.mkdir(exist_ok=True)
        # "x": neither a file of the owner's nor what a link leads to is overwritten.
        with suppress(FileExistsError), (backups / ".gitignore").open("x", encoding="utf-8", newline="\n") as gitignore:
            gitignore.write("*\n")
        if path.is_dir():
            shutil.copytree(path, backup, symlinks=True)
        else:
            backup.write_bytes(path.read_bytes())
    except OSError as error:
        raise _unwritable(backups, error) from None
    return backup


def leftovers(folder: Path) -> tuple[Path, ...]:
    """Return the incomplete folders in this folder of content: of a run that is writing, or of a killed one."""
    return tuple(sorted(path for kind in ("making", "aside") for path in folder.glob(f"{_PREFIX}{kind}-*")))


def _unwritable(folder: Path, error: OSError) -> SetupError:
    return SetupError(
        f"{folder} cannot be written to: {error.strerror or error}.", "Check its owner, its permissions and the disk."
    )
