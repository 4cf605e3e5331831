"""Which folders a site takes as content, for which languages. https://gohugo.io/configuration/module/#mounts"""

from __future__ import annotations

import json
import os.path
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hugo_llmpapers.site import files
from hugo_llmpapers.site.config import toml

_MOUNTS_ON_TOP = re.compile(r"^mounts:", re.MULTILINE | re.IGNORECASE)
_MOUNTS_OF_MODULE = re.compile(
    r"^module:\s*\{.*\bmounts\b"  # in one line, or as deep as the first entry below it
    r"|^module:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*([ \t]+)(?:mounts:|\S.*\n(?:(?:[ \t#].*)?\n)*?\1mounts:)",
    re.MULTILINE | re.IGNORECASE,
)
"""In YAML, which needs no parser for this."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder that the site takes as content."""

    source: Path
    target: str
    """Below `content`: `` or `posts`."""
    languages: tuple[str, ...]
    """Those that it is for. Empty for all: the default language, and others by file name."""
    options: Mapping[str, Any]
    """What else Hugo is told of it: language, files left out; names and values as in `module.mounts`."""


def content_mounts(config: Mapping[str, Any], root: Path) -> Iterator[Mount]:
    """The folders of content by a configuration, whether they are there or not."""
    mounts = (config.get("module") or {}).get("mounts") or ()
    for mount in mounts:
        target = str(mount.get("target", "")).strip("/")
        if target != "content" and not target.startswith("content/"):
            continue
        options = plain_mount(mount)
        # Until 0.152 `lang: ja`, since then `sites: {matrix: {languages: [ja]}}`.
        matrix = options.get("sites", {}).get("matrix", {}).get("languages", ())
        languages = (str(mount["lang"]),) if mount.get("lang") else tuple(map(str, matrix))
        source = Path(os.path.normpath(root / str(options.pop("source", ""))))
        del options["target"]
        yield Mount(source, target[len("content") :].strip("/"), languages, options)
    if not mounts:
        yield Mount(Path(os.path.normpath(root / str(config.get("contentdir", "content")))), "", (), {})


def plain_mount(mount: Mapping[str, Any]) -> dict[str, Any]:
    """A mount of the configuration without what is not set, which Hugo prints but does not read."""
    names = ("source", "target", "lang", "files", "includefiles", "excludefiles")
    plain = {name: mount[name] for name in names if mount.get(name)}
    if languages := ((mount.get("sites") or {}).get("matrix") or {}).get("languages"):
        plain["sites"] = {"matrix": {"languages": languages}}
    return plain


def mount_of(section: str, mounts: Sequence[Mount], root: Path) -> Mount:
    """The one that holds a section: the closest, and of several the language's own."""
    fitting = [m for m in mounts if not m.target or f"{section}/".startswith(f"{m.target}/")]
    if not fitting:
        return Mount(root / "content", "", (), {})
    return max(fitting, key=lambda m: (len(m.target), bool(m.languages)))


def names_mounts(file: Path) -> bool:
    """Whether a configuration file has `module.mounts`; whether it speaks of mounts, where it cannot be read."""
    text, is_module = files.read_text(file), file.stem.lower() == "module"
    if not re.search(r"\bmounts\b", text, re.IGNORECASE):
        return False
    if file.suffix in {".yaml", ".yml"}:
        return (_MOUNTS_ON_TOP if is_module else _MOUNTS_OF_MODULE).search(text) is not None
    try:
        document = toml.parsed(text) if file.suffix == ".toml" else json.loads(text)
    except (ValueError, RecursionError):
        return True
    # In a configuration folder the file `module.toml` is that table.
    return bool(_entry(document if is_module else _entry(document, "module"), "mounts"))


def _entry(table: Any, name: str) -> Any:
    """Hugo does not tell upper and lower case apart."""
    entries = table.items() if isinstance(table, Mapping) else ()
    return next((value for key, value in entries if str(key).lower() == name), None)
