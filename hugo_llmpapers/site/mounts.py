"""The folders that a site mounts as content, and for which languages. https://gohugo.io/configuration/module/#mounts"""

from __future__ import annotations

import json
import os.path
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hugo_llmpapers.site import files
from hugo_llmpapers.site.config.tables import entry, parse_toml

_MOUNTS_IN_YAML = re.compile(
    r"^module:\s*\{.*\bmounts\b"  # in one line, or as deep as the first entry of `module`
    r"|^module:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*([ \t]+)(?:mounts:|\S.*\n(?:(?:[ \t#].*)?\n)*?\1mounts:)",
    re.MULTILINE | re.IGNORECASE,
)
"""An expression, as a YAML parser would take longer to import than a run that has nothing to do takes."""
_MOUNTS_IN_MODULE_YAML = re.compile(r"^mounts:", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder that the site mounts as content."""

    source: Path
    target: str
    """Below `content`: `` or `posts`."""
    languages: tuple[str, ...]
    """Empty for all: the default language, and others by file name."""
    options: Mapping[str, Any]
    """The other options in `module.mounts` with their names there: language, excluded files."""


def content_mounts(config: Mapping[str, Any], root: Path) -> Iterator[Mount]:
    """Yield the content folders of a configuration, whether they exist or not."""
    mounts = (config.get("module") or {}).get("mounts") or ()
    for options in map(plain_mount, mounts):
        source, target = options.pop("source", ""), str(options.pop("target", "")).strip("/")
        if target == "content" or target.startswith("content/"):
            # Until 0.152 `lang: ja`, since then `sites: {matrix: {languages: [ja]}}`.
            languages = (
                [options["lang"]]
                if "lang" in options
                else options.get("sites", {}).get("matrix", {}).get("languages", ())
            )
            folder = Path(os.path.normpath(root / str(source)))
            yield Mount(folder, target[len("content") :].strip("/"), tuple(map(str, languages)), options)
    if not mounts:
        yield Mount(Path(os.path.normpath(root / str(config.get("contentdir", "content")))), "", (), {})


def plain_mount(mount: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mount of the configuration without unset options, which Hugo prints but does not accept."""
    names = ("source", "target", "lang", "files", "includefiles", "excludefiles")
    plain = {name: mount[name] for name in names if mount.get(name)}
    if languages := ((mount.get("sites") or {}).get("matrix") or {}).get("languages"):
        plain["sites"] = {"matrix": {"languages": languages}}
    return plain


def mount_of(section: str, mounts: Sequence[Mount], root: Path) -> Mount:
    """Return the mount with a section: the one with the longest target, and of these one for a language."""
    fitting = [mount for mount in mounts if not mount.target or f"{section}/".startswith(f"{mount.target}/")]
    if not fitting:
        return Mount(root / "content", "", (), {})
    return max(fitting, key=lambda mount: (len(mount.target), bool(mount.languages)))


def has_mounts(file: Path) -> bool:
    """Return whether a configuration file has `module.mounts`; if it cannot be parsed, whether it has the word."""
    text, is_module = files.read_text(file), file.stem.lower() == "module"
    if not re.search(r"\bmounts\b", text, re.IGNORECASE):
        return False
    if file.suffix in {".yaml", ".yml"}:
        return (_MOUNTS_IN_MODULE_YAML if is_module else _MOUNTS_IN_YAML).search(text) is not None
    try:
        document = parse_toml(text) if file.suffix == ".toml" else json.loads(text)
    except (ValueError, RecursionError):
        return True
    # In a configuration folder the file `module.toml` is that table.
    return bool(entry(document if is_module else entry(document, "module"), "mounts"))
