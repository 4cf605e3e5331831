"""Folders for the time of one step, outside the site."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hugo_llmpapers.errors import SetupError

ROOM_REMEDY = "Make room there, or name another folder in TMPDIR."
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder, gone afterwards. Raises SetupError where the disk does not take it, or what is written into it."""
    parent = tempfile.gettempdir()
    try:
        with tempfile.TemporaryDirectory(prefix="hugo-llmpapers-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as error:
        # What is wrong with another file is not for this to explain; a write that fails does not say which file's it was.
        if error.errno not in _FULL and not str(error.filename or "").startswith(str(Path(parent, "hugo-llmpapers-"))):
            raise
        said = f"The folder for temporary files, {parent}, cannot be written to: {error.strerror or error}."
        raise SetupError(said, ROOM_REMEDY) from None
