"""The site, its themes and modules, and where their files are mounted. https://gohugo.io/configuration/module/#mounts"""

from __future__ import annotations

import json
import os.path
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site import files
from hugo_llmpapers.site.config.tables import entry, parse_toml

CHECK_PROGRAM = "Check the Hugo on PATH."
_ALWAYS_READ = frozenset({"archetypes", "content", "i18n", "layouts"})
"""Parts of a site that every command of Hugo reads completely."""
_MOUNTS_IN_YAML = re.compile(
    r"^module:\s*\{.*\bmounts\b"  # in one line, or as deep as the first entry of `module`
    r"|^module:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*([ \t]+)(?:mounts:|\S.*\n(?:(?:[ \t#].*)?\n)*?\1mounts:)",
    re.MULTILINE | re.IGNORECASE,
)
"""An expression, as a YAML parser would take longer to import than a run that has nothing to do takes."""


@dataclass(frozen=True, slots=True)
class Module:
    """The site, a theme or another module."""

    folder: Path
    """Its root."""
    mounts: tuple[tuple[Path, str], ...]
    """Its folders and files, and where they are in the site: `layouts`, `layouts/shortcodes`."""

    def find(self, path: str) -> Path | None:
        """Return the module's file for a path such as `layouts/404.html`, if any. Raises SetupError for an unreadable folder."""
        for source, target in self.mounts:
            if path == target or path.startswith(f"{target}/"):
                file = source / path[len(target) :].lstrip("/")
                try:
                    if file.is_file():
                        return file
                except OSError as error:
                    raise SetupError(f"{source} cannot be read: {error.strerror}.", "Check its permissions.") from None
        return None


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


def parse_mounts(printed: str) -> list[Module]:
    """Return the modules in what `hugo config mounts` printed. Raises SetupError if it is something else."""
    # A sequence of JSON objects, not a list.
    decoder, at, found = json.JSONDecoder(), printed.find("{"), []
    try:
        while at != -1:
            module, end = decoder.raw_decode(printed, at)
            folder = Path(module["dir"])
            # A source is relative to the module, or absolute; Hugo omits those that do not exist.
            mounts = ((folder / one["source"], str(one["target"]).strip("/")) for one in module.get("mounts") or ())
            found.append(Module(folder, tuple(mounts)))
            at = printed.find("{", end)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SetupError("`hugo config mounts` did not print JSON.", CHECK_PROGRAM) from None
    return found


def check_for_pipes(modules: Sequence[Module], folders: Iterable[Path]) -> None:
    """Raise SetupError if Hugo would wait for a named pipe in templates or content of the modules, or in `folders`."""
    mounts = (source for module in modules for source, target in module.mounts if target.split("/")[0] in _ALWAYS_READ)
    pipe = next(files.find_pipes(dict.fromkeys((*mounts, *folders))), None)
    if pipe is not None:
        raise SetupError(f"{pipe} is a named pipe, and Hugo waits for a writer.", "Remove it.")


def content_mounts(config: Mapping[str, Any], root: Path) -> Iterator[Mount]:
    """Yield the content folders of a configuration, whether they exist or not."""
    mounts = plain_mounts(config)
    for options in mounts:
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


def plain_mounts(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the mounts of a configuration without unset options, which Hugo prints but does not accept."""
    names = ("source", "target", "lang", "files", "includefiles", "excludefiles")
    found = list[dict[str, Any]]()
    for mount in (config.get("module") or {}).get("mounts") or ():
        found.append({name: mount[name] for name in names if mount.get(name)})
        if languages := ((mount.get("sites") or {}).get("matrix") or {}).get("languages"):
            found[-1]["sites"] = {"matrix": {"languages": languages}}
    return found


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
        return re.search(r"(?mi)^mounts:", text) is not None if is_module else _MOUNTS_IN_YAML.search(text) is not None
    try:
        document = parse_toml(text) if file.suffix == ".toml" else json.loads(text)
    except (ValueError, RecursionError):
        return True
    # In a configuration folder the file `module.toml` is that table.
    return bool(entry(document if is_module else entry(document, "module"), "mounts"))
