"""The page bundle on disk: whole or absent, one writer at a time, nothing lost.

Files are made in a folder whose name begins with a dot, which Hugo does not look at, and renamed into place.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.post.locks import Busy, alone_in
from hugo_llmpapers.temporary import recover, write_folder

_PREFIX = ".llm-papers-"
BACKUPS = ".llm-papers-backup"
"""Folder in the site's root that keeps what `--force` replaced."""


@contextmanager
def writing(folder: Path, wait_s: float) -> Iterator[None]:
    """Makes this run the only one of ours that writes into this folder of content, and clears up after killed ones.

    Waits at most `wait_s` seconds. Raises Failure where another run has it for longer, SetupError where the folder cannot
    be written to.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(alone_in(folder, wait_s))
            recover(folder, _PREFIX)
        except Busy:
            remedy = "Wait for it to end; its post is then there."
            raise Failure(f"Another run is writing into {folder}.", remedy) from None
        except OSError as error:
            raise _unwritable(folder, error) from None
        yield


def publish(target: Path, files: Mapping[str, bytes], *, replacing: Path | None = None) -> None:
    """The bundle `target` with exactly these files, in one rename. Inside `writing`.

    `replacing`: a bundle's folder or a page's file that makes room for it. Raises SetupError where the folder cannot be
    written to; then everything is as it was.
    """
    try:
        target.parent.mkdir(exist_ok=True)  # its owner may have renamed it meanwhile
        write_folder(target, files, prefix=_PREFIX, replacing=replacing)
    except OSError as error:
        raise _unwritable(target.parent, error) from None


def files_of(folder: Path) -> dict[str, bytes]:
    """What a bundle has, by name; empty where there is none. Raises SetupError where it cannot be read, or has a
    link to a file elsewhere: as a copy that would be published, which the link is not."""
    found = {}
    try:
        for path in folder.rglob("*"):
            if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
                raise SetupError(
                    f"{path} is a link that leads out of its post.", "Put the file itself there, or nothing."
                )
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    except OSError as error:
        raise SetupError(f"{folder} cannot be read: {error.strerror or error}.", "Check its permissions.") from None
    return found


def back_up(path: Path, root: Path, stamp: str) -> Path:
    """A copy of a bundle or page in the site's backup folder, which git and Hugo leave alone. Raises SetupError."""
    store = root / BACKUPS
    if store.is_symlink():
        raise SetupError(f"{store} is a link.", "Remove it, so that backups stay in the site.")
    backup, number = store / f"{path.name}-{stamp}", 1
    while backup.exists():
        number += 1
        backup = store / f"{path.name}-{stamp}-{number}"
    try:
        store.mkdir(exist_ok=True)
        with suppress(FileExistsError), (store / ".gitignore").open("x", encoding="utf-8", newline="\n") as ignored:
            ignored.write("*\n")  # and not through a link, or over what its owner has there
        if path.is_dir():
            shutil.copytree(path, backup, symlinks=True)
        else:
            backup.write_bytes(path.read_bytes())
    except OSError as error:
        raise _unwritable(store, error) from None
    return backup


def leftovers(folder: Path) -> tuple[Path, ...]:
    """What killed runs left in this folder of content, or one that is under way has there; the next one clears it up."""
    return tuple(sorted(path for kind in ("making", "aside") for path in folder.glob(f"{_PREFIX}{kind}-*")))


def _unwritable(folder: Path, error: OSError) -> SetupError:
    return SetupError(
        f"{folder} cannot be written to: {error.strerror or error}.", "Check its owner, its permissions and the disk."
    )
