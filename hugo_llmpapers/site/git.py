"""What git knows of a site's files. https://git-scm.com/docs/git-check-ignore, https://git-scm.com/docs/git-log

Where there is no git, or no repository, there is nothing to know. A repository that git refuses to read is another matter:
what was deleted in it cannot be told, see `Refused`.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site import programs
from hugo_llmpapers.site.program_environment import without_keys

_SECONDS = 20.0
_ENGLISH = {"LC_ALL": "C"}
"""So that what git says can be told apart."""
_hanging: set[Path] = set()
"""Sites in which git did not answer in time; it is not waited for again in this process."""


class Refused(SetupError):
    """Git is there and so is a repository, but its history cannot be read: another user's, broken, or without an answer."""


def unignored(root: Path, environ: Mapping[str, str], names: Sequence[str]) -> tuple[str, ...]:
    """Those of these files and folders (with a slash at the end) that git neither ignores nor has; none where the site
    is not in a work tree, or git is not there."""
    inside = _run(root, environ, "rev-parse", "--is-inside-work-tree")
    if inside is None or inside.stdout.strip() != b"true":
        return ()
    # A folder that is not there yet is ignored where something in it would be.
    probes = {f"{name}x" if name.endswith("/") else name: name for name in names}
    ignored = _run(root, environ, "check-ignore", "--no-index", "-z", "--stdin", paths=list(probes))
    if ignored is None or ignored.returncode not in {0, 1}:
        return ()
    gone = {probes[path] for path in os.fsdecode(ignored.stdout).split("\0") if path in probes}
    return tuple(name for name in names if name not in gone and not _has(root, environ, name))


def ignored(root: Path, environ: Mapping[str, str], path: Path) -> str | None:
    """The rule by which git ignores a path, which need not be there, with its file and line; None where none does, and where
    git does not tell."""
    ran = _run(root, environ, "check-ignore", "--verbose", "-z", "--stdin", paths=[str(path)])
    if ran is None or ran.returncode != 0:
        return None
    file, line, pattern = os.fsdecode(ran.stdout).split("\0")[:3]
    return None if pattern.startswith("!") else f"{file}:{line} says {pattern}"


def paths_ever(environ: Mapping[str, str], folder: Path) -> frozenset[str]:
    """The names of files and folders that the history of HEAD has or had below `folder`, and those of files with their
    folder, as in `post/index.md`; none where there is no repository or no git. Raises Refused.

    The repository is the one that the folder is in, which a submodule or a mount may make another than the site's. A shallow
    clone knows its last commits only, see `is_shallow`.
    """
    folder = folder.resolve()
    inside = next(one for one in (folder, *folder.parents) if one.is_dir())
    # What another branch has was not deleted. With all merges: a side branch may have made and deleted a post.
    asked = ("log", "--full-history", "--format=", "--name-only", "-z", "--no-renames", "--", str(folder))
    paths = [path.split("/") for path in os.fsdecode(_told(inside, environ, *asked)).split("\0") if path]
    return frozenset(part for parts in paths for part in parts) | {"/".join(parts[-2:]) for parts in paths}


def check(root: Path, environ: Mapping[str, str]) -> None:
    """Raises Refused where the repository that the site is in cannot be read."""
    _told(root, environ, "log", "-1", "--format=")


def first_said(root: Path, environ: Mapping[str, str], words: str, paths: Sequence[str]) -> int | None:
    """When a commit in the history of HEAD first put `words`, a regular expression, into one of these files or folders, in
    seconds since 1970; None where none did. Raises Refused.

    `paths`: as git takes them in the site's folder. What a shallow clone begins with counts as put there by its oldest commit.
    """
    asked = ("log", "--format=%ct", f"-G{words}", "--no-textconv", "--no-ext-diff", "--", *paths)
    return min(map(int, _told(root, environ, *asked).split()), default=None)


def remote(root: Path, environ: Mapping[str, str]) -> str | None:
    """The address that the repository was cloned from, of `origin` or else of the first remote; None where there is none."""
    asked = ("-z", "--get-regexp", r"^remote\..*\.url$")
    ran = _run(root, environ, "config", *asked)
    top = repository_folder(root.resolve())
    if (ran is None or ran.returncode != 0) and top is not None:
        # Git reads a file that it is given whoever owns it; elsewhere it refuses those of another user.
        ran = _run(root, environ, "config", "--file", str(top / ".git" / "config"), *asked)
    entries = os.fsdecode(ran.stdout).split("\0") if ran is not None and ran.returncode == 0 else []
    urls = dict(entry.split("\n", 1) for entry in entries if "\n" in entry)
    return urls.get("remote.origin.url") or next((urls[name] for name in sorted(urls)), None)


def root_commit(root: Path, environ: Mapping[str, str]) -> str | None:
    """The first of HEAD's oldest commits; None in a shallow clone, which has not got them, and where there is none."""
    ran = None if is_shallow(root, environ) else _run(root, environ, "rev-list", "--max-parents=0", "HEAD")
    return min(ran.stdout.decode("ascii", "replace").split(), default=None) if ran and ran.returncode == 0 else None


def repository_folder(folder: Path) -> Path | None:
    """The folder above, or this one, that has a `.git`; None where there is none. Git itself is not asked."""
    return next((one for one in (folder, *folder.parents) if os.path.lexists(one / ".git")), None)


def is_shallow(root: Path, environ: Mapping[str, str]) -> bool:
    """Whether the clone lacks a part of the history, as hosts make it."""
    ran = _run(root, environ, "rev-parse", "--is-shallow-repository")
    return ran is not None and ran.stdout.strip() == b"true"


def oldest(root: Path, environ: Mapping[str, str]) -> int | None:
    """When the oldest commit was made that the clone has, in seconds since 1970; None where it has none. Raises Refused."""
    return min(map(int, _told(root, environ, "log", "--format=%ct").split()), default=None)


def top(root: Path, environ: Mapping[str, str]) -> Path | None:
    """The work tree's folder; None where the site is in none, or git is not there."""
    ran = _run(root, environ, "rev-parse", "--show-toplevel")
    if ran is None or ran.returncode != 0:
        return None
    return Path(os.fsdecode(ran.stdout).rstrip("\n"))


def _has(root: Path, environ: Mapping[str, str], name: str) -> bool:
    ran = _run(root, environ, "ls-files", "-z", "--", name.rstrip("/"))
    return ran is None or ran.returncode != 0 or bool(ran.stdout)


def _told(root: Path, environ: Mapping[str, str], *args: str) -> bytes:
    """What git prints; nothing where there is no git, no repository or no commit. Raises Refused."""
    ran = _run(root, environ, *args)
    if ran is not None and ran.returncode == 0:
        return ran.stdout
    said = ran.stderr.decode("utf-8", "replace") if ran is not None else ""
    if ran is None and root not in _hanging:
        return b""  # there is no git
    if repository_folder(root.resolve()) is None or "does not have any commits yet" in said:
        return b""
    ended = f"it ended with {ran.returncode}" if ran is not None else f"it did not answer within {_SECONDS:.0f} s"
    line = next(iter(said.splitlines()), "").removeprefix("fatal: ") or ended
    remedy = f"`git -C {root} log` says the same."
    if "dubious ownership" in said:
        where = shlex.quote(str(repository_folder(root.resolve())))
        remedy = f"Where you trust this repository: git config --global --add safe.directory {where}"
    raise Refused(f"Git refuses to read the history: {line}", remedy)


def _run(
    root: Path, environ: Mapping[str, str], *args: str, paths: Sequence[str] = ()
) -> subprocess.CompletedProcess[bytes] | None:
    """None where git is not there, or did not answer in time."""
    if root in _hanging:
        return None
    env, given = {**without_keys(environ), **_ENGLISH}, os.fsencode("\0".join(paths))
    try:
        return programs.run(["git", "-C", str(root), *args], env=env, given=given, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        _hanging.add(root)
        return None
    except OSError:
        return None
