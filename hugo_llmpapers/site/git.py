"""What git knows of a site's files. https://git-scm.com/docs/git-check-ignore, https://git-scm.com/docs/git-log

Without git, or outside a repository, the functions return that there is nothing. If git refuses to read a repository, it
is unknown what was deleted in it: see HistoryUnreadable.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site import programs

_TIMEOUT_S = 20.0
_hanging: set[Path] = set()
"""Sites in which git timed out; it is not run there again in this process."""


class HistoryUnreadable(SetupError):
    """There is a repository, but git cannot read its history: it is another user's or broken, or git timed out."""


def not_ignored(root: Path, environ: Mapping[str, str], names: Sequence[str]) -> tuple[str, ...]:
    """Return those of these files and folders (`public/`) that git neither ignores nor tracks; empty outside a work tree."""
    inside = _output(root, environ, "rev-parse", "--is-inside-work-tree")
    if inside is None or inside.strip() != b"true":
        return ()
    # A folder that does not exist is ignored if a file in it would be.
    files = {f"{name}x" if name.endswith("/") else name: name for name in names}
    ran = _run(root, environ, "check-ignore", "--no-index", "-z", "--stdin", paths=list(files))
    if ran is None or ran.returncode not in {0, 1}:
        return ()
    ignored = {files[path] for path in os.fsdecode(ran.stdout).split("\0") if path in files}
    others = (name for name in names if name not in ignored)
    return tuple(name for name in others if _output(root, environ, "ls-files", "-z", "--", name.rstrip("/")) == b"")


def ignore_rule(root: Path, environ: Mapping[str, str], path: Path) -> str | None:
    """Return the rule by which git ignores a path that may not exist, with file and line; None if there is none."""
    printed = _output(root, environ, "check-ignore", "--verbose", "-z", "--stdin", paths=[str(path)])
    if printed is None:
        return None
    file, line, pattern = os.fsdecode(printed).split("\0")[:3]
    return None if pattern.startswith("!") else f"{file}:{line} says {pattern}"


def names_in_history(environ: Mapping[str, str], folder: Path) -> frozenset[str]:
    """Return the names of files and folders below `folder` in any commit before HEAD, and of files with their folder.

    Such as `post`, `index.md` and `post/index.md`. The repository is that of the folder, which may not be the site's, as in
    submodules. A shallow clone has the last commits only, see `is_shallow`. Raises HistoryUnreadable.
    """
    folder = folder.resolve()
    existing = next(one for one in (folder, *folder.parents) if one.is_dir())
    # Merges in full: a side branch may have added and deleted a post.
    args = ("--full-history", "--format=", "--name-only", "-z", "--no-renames", "--", str(folder))
    paths = [path.split("/") for path in os.fsdecode(_log(existing, environ, *args)).split("\0") if path]
    return frozenset(part for parts in paths for part in parts) | {"/".join(parts[-2:]) for parts in paths}


def check_history(root: Path, environ: Mapping[str, str]) -> None:
    """Raise HistoryUnreadable if the repository of the site cannot be read."""
    _log(root, environ, "-1", "--format=")


def oldest_commit(
    root: Path, environ: Mapping[str, str], pattern: str | None = None, paths: Sequence[str] = ()
) -> int | None:
    """Return the time of the oldest commit before HEAD in seconds since 1970; None if there is none. Raises HistoryUnreadable.

    `pattern`: of text that it adds to `paths`, files or folders relative to the site's. The oldest of a shallow clone adds all.
    """
    adding = (f"-G{pattern}", "--no-textconv", "--no-ext-diff", "--", *paths) if pattern else ()
    return min(map(int, _log(root, environ, "--format=%ct", *adding).split()), default=None)


def remote_url(root: Path, environ: Mapping[str, str]) -> str | None:
    """Return the URL of the remote `origin`, or else of the first remote by name; None if there is none."""
    args = ("-z", "--get-regexp", r"^remote\..*\.url$")
    printed, top = _output(root, environ, "config", *args), repository_folder(root.resolve())
    if printed is None and top is not None:
        # Git reads another user's configuration only if it is told the file.
        printed = _output(root, environ, "config", "--file", str(top / ".git" / "config"), *args)
    entries = os.fsdecode(printed or b"").split("\0")
    urls = dict(entry.split("\n", 1) for entry in entries if "\n" in entry)
    return urls.get("remote.origin.url") or next((urls[name] for name in sorted(urls)), None)


def root_commit(root: Path, environ: Mapping[str, str]) -> str | None:
    """Return the first by name of HEAD's commits without parents; None in a shallow clone, which does not have them."""
    printed = None if is_shallow(root, environ) else _output(root, environ, "rev-list", "--max-parents=0", "HEAD")
    return min((printed or b"").decode("ascii", "replace").split(), default=None)


def repository_folder(folder: Path) -> Path | None:
    """Return this folder, or the closest above, that has a `.git`; None if there is none. Git is not run."""
    return next((one for one in (folder, *folder.parents) if os.path.lexists(one / ".git")), None)


def is_shallow(root: Path, environ: Mapping[str, str]) -> bool:
    """Return whether the clone has only a part of the history, as on build hosts."""
    return (_output(root, environ, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true"


def work_tree(root: Path, environ: Mapping[str, str]) -> Path | None:
    """Return the top folder of the work tree; None if the site is not in one."""
    printed = _output(root, environ, "rev-parse", "--show-toplevel")
    return None if printed is None else Path(os.fsdecode(printed).rstrip("\n"))


def _log(root: Path, environ: Mapping[str, str], *args: str) -> bytes:
    """Return what `git log` prints; nothing without git, repository or commits. Raises HistoryUnreadable."""
    ran = _run(root, environ, "log", *args)
    if ran is not None and ran.returncode == 0:
        return ran.stdout
    stderr = ran.stderr.decode("utf-8", "replace") if ran is not None else ""
    top = repository_folder(root.resolve())
    installed = ran is not None or root in _hanging
    if not installed or top is None or "does not have any commits yet" in stderr:
        return b""
    ended = f"it exited with {ran.returncode}" if ran is not None else f"it did not answer within {_TIMEOUT_S:.0f} s"
    reason = next(iter(stderr.splitlines()), "").removeprefix("fatal: ") or ended
    remedy = f"`git -C {root} log` reports the same."
    if "dubious ownership" in stderr:
        remedy = f"If you trust this repository: git config --global --add safe.directory {shlex.quote(str(top))}"
    raise HistoryUnreadable(f"Git cannot read the history: {reason}", remedy)


def _output(root: Path, environ: Mapping[str, str], *args: str, paths: Sequence[str] = ()) -> bytes | None:
    """Return what git prints to stdout; None if it fails, times out or is not installed."""
    ran = _run(root, environ, *args, paths=paths)
    return ran.stdout if ran is not None and ran.returncode == 0 else None


def _run(
    root: Path, environ: Mapping[str, str], *args: str, paths: Sequence[str] = ()
) -> subprocess.CompletedProcess[bytes] | None:
    """Run git with these paths on its stdin. Return None if it is not installed, or timed out in this site."""
    if root in _hanging:
        return None
    command, given = ["git", "-C", str(root), *args], os.fsencode("\0".join(paths))
    env = {**environ, "LC_ALL": "C"}  # for messages that can be recognized
    try:
        return programs.run(command, env=env, given=given, timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        _hanging.add(root)
    except OSError:
        pass
    return None
