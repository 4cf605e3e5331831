"""Which settings are the site owner's: those in the site's own files, and those in the environment.

`hugo config` merges the `params` of themes and modules into the site's, and does not say whose a value is.
https://gohugo.io/configuration/introduction/#merge-configuration-settings
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hugo_llmpapers.settings import THEMES_MAY_SET

_TABLE = "llmpapers"
_YAML = frozenset({".yaml", ".yml"})
_MERGES = re.compile(r"<<\s*:")
"""YAML's merge key: what it brings can take longer to read than anybody waits."""


Owns = Callable[[str], bool]
"""Whether a key is the owner's: `count`, `endpoints.arxiv`, in lower case."""


def owner(files: Sequence[Path], environ: Mapping[str, str], language: str | None) -> Owns:
    """What the site's files or the environment set. The files are read when that is first asked.

    `files`: the site's own configuration. `language`: the name in `languages` whose settings count besides the general
    ones; None for those of all. Where a file cannot be understood, all is taken for the owner's.
    """
    variables = list(_variables(environ))

    @cache
    def in_files() -> frozenset[str] | None:
        return _keys_of(files, language)

    def owns(key: str) -> bool:
        target = ("params", _TABLE, *key.split("."))
        in_environment = any(
            path == target or (path == target[: len(path)] and f'"{_TABLE}"' in value.lower())
            for path, value in variables
        )
        return in_environment or (known := in_files()) is None or key in known

    return owns


def split_by_owner(found: Mapping[str, Any], owns: Owns) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The settings that count, and the names of those that do not, because a theme or module set them.

    `found`: `params.llmpapers` of `hugo config`, with lower-case keys.
    """
    may = {name.lower() for name in THEMES_MAY_SET}
    kept, foreign = dict[str, Any](), list[str]()
    for key, value in found.items():
        if isinstance(value, Mapping) and value:
            # Hugo merges tables entry by entry.
            parts = {part: one for part, one in value.items() if owns(f"{key}.{part}")}
            kept |= {key: parts} if parts else {}
            foreign += [f"{key}.{part}" for part in value if part not in parts]
        elif key in may or owns(key):
            kept[key] = value
        else:
            foreign.append(key)
    return kept, tuple(foreign)


def values_in_environment(key: str, environ: Mapping[str, str]) -> Iterator[str]:
    """What variables set `params.llmpapers.KEY` to, in any spelling that Hugo has for it; also in JSON for a whole table.

    `key`: with dots, such as `endpoints.huggingface`.
    """
    target = ("params", _TABLE, *key.lower().split("."))
    for path, value in _variables(environ):
        if path == target[: len(path)]:
            found: Any = value
            for name in target[len(path) :]:
                found = _entry(_json(found), name)
            if isinstance(found, str):
                yield found


def _variables(environ: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The keys that variables stand for, `params` and what is below; a language's, too.

    The character after HUGO separates the names: https://gohugo.io/configuration/introduction/#environment-variables
    """
    for name, value in environ.items():
        if name.startswith("HUGO") and len(name) > 5:
            path = tuple(part.lower() for part in name[5:].split(name[4]))
            yield (path[2:] if path[0] == "languages" and len(path) > 2 else path), value


def _keys_of(files: Sequence[Path], language: str | None) -> frozenset[str] | None:
    """The keys of `params.llmpapers` in these files, in lower case; None where one of them cannot be understood."""
    keys: set[str] = set()
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace")
        if _TABLE not in text.lower():
            continue
        try:
            document = _parsed(text, file.suffix)
        except Exception:  # noqa: BLE001 - whatever a parser says of it, Hugo has understood it, so it is the owner's
            return None
        for table in _tables(document, file.stem.lower(), language):
            for name, value in table.items():
                keys.add(str(name).lower())
                keys |= {f"{name}.{part}".lower() for part in value} if isinstance(value, Mapping) else set()
    return frozenset(keys)


def _parsed(text: str, suffix: str) -> Any:
    """Raises ValueError and what the parsers raise."""
    if suffix == ".toml":
        return tomllib.loads(text.removeprefix("\ufeff"))
    if suffix not in _YAML:
        return json.loads(text.removeprefix("\ufeff"))
    if _MERGES.search(text):
        raise ValueError("has merge keys")
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(text)


def _tables(document: Any, stem: str, language: str | None) -> Iterator[Mapping[str, Any]]:
    """The tables of ours in a file. In a configuration folder its name says where it belongs: `params.ja.toml`."""
    name, _, of_language = stem.partition(".")
    params = [_entry(document, "params")]
    if (name == "params" and language in (None, of_language)) or stem == "params":
        params.append(document)
    languages = [_entry(document, "languages"), document if stem == "languages" else None]
    for table in (one for one in languages if isinstance(one, Mapping)):
        params += [_entry(one, "params") for key, one in table.items() if language in (None, str(key).lower())]
    yield from (table for one in params if isinstance(table := _entry(one, _TABLE), Mapping))


def _entry(table: Any, name: str) -> Any:
    """Hugo does not tell upper and lower case apart."""
    entries = table.items() if isinstance(table, Mapping) else ()
    return next((value for key, value in entries if str(key).lower() == name), None)


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
