"""What git knows of a site's files. https://git-scm.com/docs/git-check-ignore, https://git-scm.com/docs/git-log"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from hugo_llmpapers.childenv import without_keys

_SECONDS = 20.0


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


def deleted(root: Path, environ: Mapping[str, str], folder: Path, names: Sequence[str]) -> frozenset[str]:
    """Those of these names below `folder` that the history of HEAD once had there, and that are there no more: of files and
    folders, or of files with their folder, as in `post/index.md`.

    A shallow clone knows its last commits only, see `is_shallow`.
    """
    if not names:
        return frozenset()
    # What another branch has was not deleted. With all merges: a side branch may have made and deleted a post.
    asked = ("log", "--full-history", "--format=", "--name-only", "-z", "--no-renames", "--", str(folder))
    ran = _run(root, environ, *asked)
    if ran is None or ran.returncode != 0:
        return frozenset()
    paths = [path.split("/") for path in os.fsdecode(ran.stdout).split("\0")]
    had = {part for parts in paths for part in parts} | {"/".join(parts[-2:]) for parts in paths}
    return frozenset(name for name in names if name in had and not (folder / name).exists())


def is_shallow(root: Path, environ: Mapping[str, str]) -> bool:
    """Whether the clone lacks a part of the history, as hosts make it."""
    ran = _run(root, environ, "rev-parse", "--is-shallow-repository")
    return ran is not None and ran.stdout.strip() == b"true"


def top(root: Path, environ: Mapping[str, str]) -> Path | None:
    """The work tree's folder; None where the site is in none, or git is not there."""
    ran = _run(root, environ, "rev-parse", "--show-toplevel")
    if ran is None or ran.returncode != 0:
        return None
    return Path(os.fsdecode(ran.stdout).rstrip("\n"))


def _has(root: Path, environ: Mapping[str, str], name: str) -> bool:
    ran = _run(root, environ, "ls-files", "-z", "--", name.rstrip("/"))
    return ran is None or ran.returncode != 0 or bool(ran.stdout)


def _run(
    root: Path, environ: Mapping[str, str], *args: str, paths: Sequence[str] = ()
) -> subprocess.CompletedProcess[bytes] | None:
    try:
        return subprocess.run(
            ["git", "-C", str(root), *args],
            env=without_keys(environ),
            input=os.fsencode("\0".join(paths)),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
