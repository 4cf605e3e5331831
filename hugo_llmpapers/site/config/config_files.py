"""Where the site sets a key of `params.llmpapers`: which file, variable and line, for messages and for the editor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from hugo_llmpapers.site import files as site_files
from hugo_llmpapers.site.config.settings import NAMES, Origin, Place
from hugo_llmpapers.site.hugo import Hugo

FORMATS = (".toml", ".yaml", ".yml", ".json")


def config_files(root: Path, site_hugo: Hugo) -> Iterator[Path]:
    """The site's own configuration files, those that win first.

    https://gohugo.io/configuration/introduction/
    """
    for environment in (site_hugo.environment, "_default"):
        folder = root / "config" / environment
        if folder.is_dir():
            yield from sorted(f for f in folder.rglob("*") if f.suffix in FORMATS and f.is_file())
    if named := named_files(site_hugo):
        yield from (root / name for name in reversed(named))
        return
    # Hugo reads one of these; another one is a leftover.
    found = (root / f"{stem}{suffix}" for stem in ("hugo", "config") for suffix in FORMATS)
    yield from islice((path for path in found if path.is_file()), 1)


def named_files(site_hugo: Hugo) -> list[str]:
    """Those of Hugo's `--config`; none where it is not given."""
    return [name.strip() for name in (site_hugo.config or "").split(",") if name.strip()]


def omitted_zero_values(files: Sequence[Path], known: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that an older `hugo config` leaves out, because they are false, 0 or "", by the files' own words."""
    found: dict[str, Any] = {}
    for name in NAMES:
        if name.lower() not in known and (line := _line_of(name, files)) is not None:
            literal = re.search(r"[:=]\s*(false|0|\"\"|'')\s*(?:#.*)?,?$", line.text)
            if literal:
                found[name.lower()] = {"false": False, "0": 0}.get(literal[1], "")
    return found


def origin_of(key: str, files: Sequence[Path], environ: Mapping[str, str]) -> Origin:
    """Where the site sets a key of params.llmpapers: a variable, a file with the line, else just the table's name."""
    if name := _variable(key, environ):
        return name
    line = _line_of(key, files)
    return f"{line.file.name}:{line.number}" if line is not None else "params.llmpapers"


def place_of(key: str, files: Sequence[Path], environ: Mapping[str, str]) -> Place | None:
    """The same for the editor; None where no line of a file sets it."""
    line = None if _variable(key, environ) else _line_of(key, files)
    return line and (line.file, line.number, len(line.text) - len(line.text.lstrip()) + 1)


def number_set(key: str, files: Sequence[Path]) -> int | None:
    """The whole number that a line of these files gives a key; None where none does. Hugo is not asked."""
    line = _line_of(key, files)
    found = line and re.search(r"[:=]\s*[\"']?(\d{1,9})\b[^:=]*$", line.text)
    return int(found[1]) if found else None


def _variable(key: str, environ: Mapping[str, str]) -> str | None:
    variable = re.compile(rf"HUGO(.)PARAMS\1LLMPAPERS\1{re.escape(key)}(?:\1.*)?", re.IGNORECASE)
    return next((name for name in environ if variable.fullmatch(name)), None)


class _Line(NamedTuple):
    file: Path
    number: int
    """From 1."""
    text: str


def _line_of(key: str, files: Sequence[Path]) -> _Line | None:
    """The line that sets a key, in the part of a file that is about us; None where it is not to be found by eye."""
    sets = re.compile(
        rf"[\s\"'{{,]*(?:llmpapers\.)?{re.escape(key)}[\"']?\s*[:=]|\s*\[.*\.{re.escape(key)}\]", re.IGNORECASE
    )
    for file in files:
        ours, depth = False, 0
        for number, text in enumerate(site_files.text(file).splitlines(), 1):
            indent = len(text) - len(text.lstrip())
            if "llmpapers" in text.lower():
                ours, depth = True, indent
            elif text.startswith("[") or (file.suffix in {".yaml", ".yml"} and text.strip() and indent <= depth):
                ours = False  # another table begins, or the mapping ends
            if ours and sets.match(text):
                return _Line(file, number, text)
    return None
