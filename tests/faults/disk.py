"""A disk that is full, cannot be written to, or has something else where a folder should be."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path

from tests.faults.case import Case, Seen, is_clear
from tests.faults.stage import Ended, Stage

Environ = Mapping[str, str | None]
Spoilt = Callable[[Stage], AbstractContextManager[Environ]]
"""Spoils a stage as long as it is open, and gives the variables that its run has besides."""
_LIMITED = "import os, resource, sys; n = int(sys.argv[1]); resource.setrlimit(resource.RLIMIT_FSIZE, (n, n)); os.execv(sys.argv[2], sys.argv[2:])"


def site(stage: Stage) -> Path:
    return stage.blog.root


def section(stage: Stage) -> Path:
    return stage.blog.root / "content" / "posts"


def cache(stage: Stage) -> Path:
    return stage.blog.home / "cache"


def scratch(stage: Stage) -> Path:
    return stage.scratch


@functools.cache
def cannot_mount() -> str:
    """Why no file system can be mounted here; empty where it can."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, check=False)
        except OSError as error:
            return f"mount: {error.strerror}"
        if done.returncode:
            return "file systems can be mounted by root only"
        subprocess.run(["umount", folder], check=True)
    return ""


@contextmanager
def small(place: Callable[[Stage], Path], kilobytes: int, stage: Stage) -> Iterator[Environ]:
    """A file system of its own with so little room left."""
    folder = place(stage)
    with _mounted(folder, stage):
        room = os.statvfs(folder)
        (folder / "filling").write_bytes(b"x" * (room.f_bavail * room.f_frsize - kilobytes * 1024))
        yield {}
        (folder / "filling").unlink()


@contextmanager
def read_only(place: Callable[[Stage], Path], stage: Stage) -> Iterator[Environ]:
    """Nothing can be written there, not even by root."""
    folder = place(stage)
    with _mounted(folder, stage):
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        yield {}


@contextmanager
def _mounted(folder: Path, stage: Stage) -> Iterator[None]:
    """A file system in the folder's place, with the same in it; afterwards the folder has what that has then."""
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=stage.blog.home, prefix="aside-") as aside:
        copy = Path(aside) / "copy"
        shutil.copytree(folder, copy)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], check=True)
        try:
            shutil.copytree(copy, folder, dirs_exist_ok=True)
            yield
            shutil.rmtree(copy)
            shutil.copytree(folder, copy)
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(copy, folder, dirs_exist_ok=True)


@contextmanager
def in_the_way(place: Callable[[Stage], Path], stage: Stage) -> Iterator[Environ]:
    """A file where a folder should be."""
    path = place(stage)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    yield {}
    path.unlink()


def _variables(make: Callable[[Stage], Environ]) -> Spoilt:
    return lambda stage: nullcontext(make(stage))


def _play(spoilt: Spoilt, works: bool, words: str, stage: Stage) -> Seen:
    """Works all the same, or fails clearly and leaves the site as it was; works as soon as all is well again."""
    with spoilt(stage) as environ:
        ended = stage.run(environ=environ)
        wrong = list(_as_expected(ended, works, words, stage))
    return Seen(ended, [*wrong, *_goes_on(stage)], "nothing" if ended.code == 0 else "the post, until the next run")


def _as_expected(ended: Ended, works: bool, words: str, stage: Stage) -> Iterator[str]:
    if works:
        if ended.code != 0 or stage.papers() != 5:
            yield f"exit {ended.code}, {stage.papers()} papers"
        if words not in ended.err:
            yield f"does not say: {words}"
        return
    if ended.code not in (1, 3, 5):
        yield f"exit {ended.code}"
    if stage.blog.post().exists():
        yield "a post all the same"
    yield from is_clear(ended, words)


def _goes_on(stage: Stage) -> Iterator[str]:
    again = stage.run()
    if again.code != 0 or stage.papers() != 5:
        yield f"the next run: exit {again.code}, {stage.papers()} papers"


def _room(kilobytes: int, stage: Stage) -> Seen:
    """No file may become longer than this: whatever is written first and is longer fails, be it ours or Hugo's."""
    ended = stage.start(wrapper=(sys.executable, "-c", _LIMITED, str(kilobytes * 1024))).ended()
    wrong = []
    if ended.code not in (0, 1, 3, 5):
        wrong.append(f"exit {ended.code}")
    if ended.code == 0 and stage.papers() != 5:
        wrong.append(f"{stage.papers()} papers")
    if ended.code != 0:
        wrong += is_clear(ended)
        wrong += ["a post all the same"] * stage.blog.post().exists()
    return Seen(ended, [*wrong, *_goes_on(stage)], "nothing" if ended.code == 0 else "the post, until the next run")


def _backup(spoilt: Spoilt, stage: Stage) -> Seen:
    """`--force` with no room for the backup: the old post stays as it is."""
    stage.run()
    index = stage.blog.post() / "index.md"
    index.write_text(index.read_text(encoding="utf-8") + "A line of its owner's.\n", encoding="utf-8")
    before = index.read_bytes()
    with spoilt(stage):
        ended = stage.run("new", "--force")
    wrong = is_clear(ended, ".llm-papers-backup") + [f"exit {ended.code}"] * (ended.code != 3)
    wrong += ["the old post is not as it was"] * (index.read_bytes() != before)
    shutil.rmtree(site(stage) / ".llm-papers-backup", ignore_errors=True)
    return Seen(ended, wrong)


def _mounts() -> Iterator[Case]:
    rows: tuple[tuple[str, Spoilt, bool, str], ...] = (
        *((f"{n} KB left in the section", partial(small, section, n), False, "posts cannot be written to") for n in (0, 4, 40, 100)),
        *((f"{n} KB left in TMPDIR", partial(small, scratch, n), False, "TMPDIR") for n in (16, 64, 100)),
        *((f"{n} KB left in the cache", partial(small, cache, n), n > 0, "") for n in (0, 16, 64, 256, 1024)),
        ("section read-only", partial(read_only, section), False, "posts cannot be written to"),
        ("site read-only", partial(read_only, site), False, "posts cannot be written to"),
        ("cache read-only", partial(read_only, cache), False, "cacheDir"),
        ("TMPDIR read-only", partial(read_only, scratch), True, ""),
    )  # fmt: skip
    for name, spoilt, works, words in rows:
        yield Case("disk", name, partial(_play, spoilt, works, words), impossible=cannot_mount)
    for kilobytes in (0, 32, 128, 160, 192, 256, 320, 512, 1024):
        spoilt = partial(small, scratch, kilobytes)
        yield Case("disk", f"{kilobytes} KB left in TMPDIR", partial(_either, spoilt), impossible=cannot_mount)
    backups = partial(small, lambda stage: site(stage) / ".llm-papers-backup", 16)
    yield Case("disk", "16 KB left for a backup", partial(_backup, backups), impossible=cannot_mount)


def _either(spoilt: Spoilt, stage: Stage) -> Seen:
    """Where it depends on what is written first: five papers, or a clear failure."""
    with spoilt(stage):
        ended = stage.run()
        wrong = list(_as_expected(ended, ended.code == 0, "", stage))
    return Seen(ended, [*wrong, *_goes_on(stage)], "nothing" if ended.code == 0 else "the post, until the next run")


def _stream(redirection: str, stage: Stage) -> Seen:
    """/dev/full behind one of the streams, or nothing at all: the post is written all the same."""
    started = stage.start(wrapper=("sh", "-c", f'exec "$@" {redirection}', "sh"))
    ended = started.ended()
    wrong = [f"exit {ended.code}"] * (ended.code not in (0, 1)) + [f"{stage.papers()} papers"] * (stage.papers() != 5)
    return Seen(ended, [*wrong, *_goes_on(stage)])


CASES = (
    *_mounts(),
    *(Case("disk", f"no file may pass {n} KB", partial(_room, n), n == 8) for n in (4, 8, 16, 32, 64, 100, 200, 400)),
    Case("disk", "a file where the cache should be", partial(_play, partial(in_the_way, cache), False, "not a directory"), quick=True),
    Case("disk", "a file where the cache's answers should be", partial(_play, partial(in_the_way, lambda s: cache(s) / "llmpapers" / "http"), True, ""), quick=True),
    Case("disk", "a file where the backups should be", partial(_backup, partial(in_the_way, lambda s: site(s) / ".llm-papers-backup")), quick=True),
    Case("disk", "TMPDIR is not there", partial(_play, _variables(lambda s: {"TMPDIR": str(s.blog.home / "nowhere")}), True, "")),
    Case("disk", "TMPDIR is a file", partial(_play, _variables(lambda s: {"TMPDIR": str(s.blog.root / "hugo.toml")}), True, "")),
    Case("disk", "HOME is not there", partial(_play, _variables(lambda s: {"HOME": str(s.blog.home / "nowhere")}), True, "")),
    Case("disk", "HOME is not set", partial(_play, _variables(lambda _: {"HOME": None}), True, "")),
    Case("disk", "HOME and Hugo's cache are not there", partial(_play, _variables(lambda s: {"HOME": str(s.blog.home / "nowhere"), "HUGO_CACHEDIR": str(s.blog.home / "nowhere" / "cache")}), True, "")),
    Case("disk", "full behind stdout", partial(_stream, "1>/dev/full"), impossible=lambda: "" if Path("/dev/full").exists() else "no /dev/full"),
    Case("disk", "full behind stderr", partial(_stream, "2>/dev/full"), impossible=lambda: "" if Path("/dev/full").exists() else "no /dev/full"),
    Case("disk", "stderr is closed", partial(_stream, "2>&-"), quick=True),
    Case("disk", "all streams are closed", partial(_stream, "<&- >&- 2>&-")),
)  # fmt: skip
