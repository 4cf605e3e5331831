"""The site's configuration files, what in them sets a key of `params.llmpapers`, and which values are the site owner's.

The owner's are those that Hugo reads from the site without its themes and modules. `hugo config` merges the `params` of these
into the site's, and does not print whose a value is. A theme's `languages.en.params` even override the site's general `params`
and variables. https://gohugo.io/configuration/introduction/#merge-configuration-settings
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site import files as site_files
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.config.settings import SETTINGS, THEMES_MAY_SET, ReadSettings, SetBy, Settings, read
from hugo_llmpapers.site.config.tables import entry, key_of, variable_of
from hugo_llmpapers.site.hugo import Configuration, Hugo
from hugo_llmpapers.temporary import temporary_folder

FORMATS = (".toml", ".yaml", ".yml", ".json")
_EMPTY_THEME = "empty"
_REPLACED = frozenset({"theme", "themesdir", "module", "outputs"})
"""Keys that `_without_themes` sets; other variables for them are removed, whatever their spelling."""


def config_files(site_hugo: Hugo) -> Iterator[Path]:
    """Yield the site's own configuration files, those that take precedence first."""
    root = site_hugo.source
    for environment in (site_hugo.environment, "_default"):
        yield from sorted(f for f in (root / "config" / environment).rglob("*") if f.suffix in FORMATS and f.is_file())
    if named := named_files(site_hugo):
        yield from (root / name for name in reversed(named))
        return
    # Hugo reads only the first of these.
    found = (root / f"{stem}{suffix}" for stem in ("hugo", "config") for suffix in FORMATS)
    yield from [path for path in found if path.is_file()][:1]


def read_settings(
    site_hugo: Hugo, files: list[Path], flags: Mapping[str, Any], language: str | None
) -> tuple[Mapping[str, Any], ReadSettings]:
    """Return the configuration for a language (None: the default one) and the settings in it. Raises SetupError.

    `files`: the site's configuration files. `flags`: values from the command line by field of Settings.
    """
    merged = hugo.config(site_hugo, language)
    own = own_config(site_hugo, merged, language)
    table, owners = _table(merged), _table(own)
    if table is None or owners is None:
        no_table = SetupError("params.llmpapers is not a table.", "See the README for its settings.")
        return merged.values, ReadSettings(Settings(), dict.fromkeys(SETTINGS, "default"), (no_table,))
    if not own.prints_zero_values:
        owners = omitted_zero_values(files, owners) | dict(owners)
    values, ignored = split_by_owner(table, owners)
    origin = partial(set_by, files=files, environ=site_hugo.environ, owners=owners)
    return merged.values, replace(read(values, flags, origin), ignored=ignored)


def _table(configuration: Configuration) -> Mapping[str, Any] | None:
    """Return `params.llmpapers`, empty if it is not set; None if it is not a table."""
    table = (configuration.values.get("params") or {}).get("llmpapers") or {}
    return table if isinstance(table, Mapping) else None


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


def set_by(key: str, files: Sequence[Path], environ: Mapping[str, str], owners: Mapping[str, Any]) -> SetBy:
    """Return the variable or the line that sets a key of params.llmpapers; just the table's name if there is neither.

    `key`: with dots for an entry of a table, such as `endpoints.huggingface`. `owners`: the settings of the owner; others
    are those of a theme or module.
    """
    if key in THEMES_MAY_SET and key.lower() not in owners:
        return SetBy("a theme or module")
    if variable := variable_of(key, environ):
        return SetBy(variable)
    table, _, name = key.rpartition(".")
    if line := _line_of(key, files) or (table and (_line_of(name, files) or _line_of(table, files))):
        column = len(line.text) - len(line.text.lstrip()) + 1
        written = re.search(re.escape(name), line.text, re.IGNORECASE)
        spelling = written[0] if written else ""
        return SetBy(f"{line.file.name}:{line.number}", (line.file, line.number, column), spelling)
    return SetBy("params.llmpapers")


def integer_in_files(key: str, files: Sequence[Path]) -> int | None:
    """Return the whole number that a line of these files sets a key to; None if there is none. Hugo is not run."""
    line = _line_of(key, files)
    found = line and re.search(r"[:=]\s*[\"']?(\d{1,9})\b[^:=]*$", line.text)
    return int(found[1]) if found else None


def own_config(site_hugo: Hugo, merged: Configuration, language: str | None) -> Configuration:
    """Return what `hugo config` prints for the site's own files and the environment, without themes and modules.

    `merged`: what it prints with them; returned unchanged if it has none of our settings. `language`: its name, on a site
    with several. Raises SetupError if Hugo cannot read the site without the theme.
    """
    config = merged.values
    has_themes = config.get("theme") or (config.get("module") or {}).get("imports")
    if not has_themes or not entry(config.get("params"), "llmpapers"):
        return merged
    with temporary_folder() as folder:
        (folder / _EMPTY_THEME).mkdir()
        kept = {name: value for name, value in site_hugo.environ.items() if not _REPLACED & set(key_of(name)[:1])}
        variables = _without_themes(config) | {"HUGO_THEMESDIR": str(folder)}
        try:
            return hugo.config(replace(site_hugo, environ=kept | variables), language)
        except hugo.TimedOut:
            raise
        except SetupError as failure:
            problem = f"The site's own settings are unknown, as without its theme and modules {failure.message}"
            remedy = "Set what is missing, such as a media type or a language, in the site's own configuration too."
            raise SetupError(problem, remedy) from None


def _without_themes(config: Mapping[str, Any]) -> dict[str, str]:
    """Return variables that remove themes and modules, and `outputs`, which may name formats of a theme."""
    outputs = {kind: ["html"] for kind in config.get("outputs") or ()}
    # Hugo 0.131 does not accept an empty list of themes from a variable.
    variables = {"HUGO_THEME": _EMPTY_THEME, "HUGO_MODULE": '{"imports": []}'}
    if outputs:
        variables["HUGO_OUTPUTS"] = json.dumps(outputs)
        # With another separator, so that the owner's variable of that name still counts.
        variables["HUGO;LANGUAGES"] = json.dumps({key: {"outputs": outputs} for key in config.get("languages") or ()})
    return variables


def split_by_owner(merged: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the settings that count, and the keys of those that a theme or module set without being allowed to.

    `merged`: `params.llmpapers` of `hugo config`, with lower-case keys. `own`: the same of `own_config`, which wins.
    """
    allowed = {name.lower() for name in THEMES_MAY_SET}
    settings = {key: value for key, value in merged.items() if key in allowed} | dict(own)
    ignored = list[str]()
    for key, value in merged.items():
        if key in allowed or value == own.get(key):
            continue
        if isinstance(value, Mapping) and value:
            # Hugo merges tables entry by entry.
            ignored += [f"{key}.{part}" for part, one in value.items() if one != entry(own.get(key), part)]
        else:
            ignored.append(key)
    return settings, tuple(ignored)


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
