"""The site's configuration files, and which of their lines, or which variable, sets a key of `params.llmpapers`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hugo_llmpapers.site import files as site_files
from hugo_llmpapers.site.config.settings import SETTINGS, SetBy
from hugo_llmpapers.site.config.variables import variable_of
from hugo_llmpapers.site.hugo import Hugo

FORMATS = (".toml", ".yaml", ".yml", ".json")


def config_files(root: Path, site_hugo: Hugo) -> Iterator[Path]:
    """Yield the site's own configuration files, those that take precedence first.

    https://gohugo.io/configuration/introduction/
    """
    for environment in (site_hugo.environment, "_default"):
        folder = root / "config" / environment
        if folder.is_dir():
            yield from sorted(f for f in folder.rglob("*") if f.suffix in FORMATS and f.is_file())
    if named := named_files(site_hugo):
        yield from (root / name for name in reversed(named))
        return
    # Hugo reads only the first of these.
    found = (root / f"{stem}{suffix}" for stem in ("hugo", "config") for suffix in FORMATS)
    yield from [path for path in found if path.is_file()][:1]


def named_files(site_hugo: Hugo) -> list[str]:
    """Return the files of Hugo's `--config`; empty if it is not given."""
    return [name.strip() for name in (site_hugo.config or "").split(",") if name.strip()]


def omitted_zero_values(files: Sequence[Path], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that the files set to false, 0 or "", which an older `hugo config` omits, by lower-case name."""
    found: dict[str, Any] = {}
    for name in SETTINGS:
        if name.lower() not in known and (line := _line_of(name, files)) is not None:
            literal = re.search(r"[:=]\s*(false|0|\"\"|'')\s*(?:#.*)?,?$", line.text)
            if literal:
                found[name.lower()] = {"false": False, "0": 0}.get(literal[1], "")
    return found


def set_by(key: str, files: Sequence[Path], environ: Mapping[str, str]) -> SetBy:
    """Return the variable or the line that sets a key of params.llmpapers; just the table's name if there is neither."""
    if variable := variable_of(key, environ):
        return SetBy(variable)
    if line := _line_of(key, files):
        column = len(line.text) - len(line.text.lstrip()) + 1
        return SetBy(f"{line.file.name}:{line.number}", (line.file, line.number, column))
    return SetBy("params.llmpapers")


def integer_in_files(key: str, files: Sequence[Path]) -> int | None:
    """Return the whole number that a line of these files sets a key to; None if there is none. Hugo is not run."""
    line = _line_of(key, files)
    found = line and re.search(r"[:=]\s*[\"']?(\d{1,9})\b[^:=]*$", line.text)
    return int(found[1]) if found else None


class _Line(NamedTuple):
    file: Path
    number: int
    """From 1."""
    text: str


def _line_of(key: str, files: Sequence[Path]) -> _Line | None:
    """Return the line that sets a key, in the part of a file that is about us; None if no single line does."""
    sets = re.compile(
        rf"[\s\"'{{,]*(?:llmpapers\.)?{re.escape(key)}[\"']?\s*[:=]|\s*\[.*\.{re.escape(key)}\]", re.IGNORECASE
    )
    for file in files:
        ours, depth = False, 0
        for number, text in enumerate(site_files.read_text(file).splitlines(), 1):
            indent = len(text) - len(text.lstrip())
            if "llmpapers" in text.lower():
                ours, depth = True, indent
            elif text.startswith("[") or (file.suffix in {".yaml", ".yml"} and text.strip() and indent <= depth):
                ours = False  # another table begins, or the mapping ends
            if ours and sets.match(text):
                return _Line(file, number, text)
    return None
