"""The site, its themes and modules, and where their files are mounted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site import files

CHECK_PROGRAM = "Check the Hugo on PATH."
_ALWAYS_READ = frozenset({"archetypes", "content", "i18n", "layouts"})
"""Parts of a site that every command of Hugo reads completely."""


@dataclass(frozen=True, slots=True)
class Module:
    """The site, a theme or another module."""

    folder: Path
    """Its root."""
    mounts: tuple[tuple[Path, str], ...]
    """Its folders and files, and where they are in the site: `layouts`, `layouts/shortcodes`."""

    def find(self, path: str) -> Path | None:
        """Return the module's file for a path such as `layouts/shortcodes/details.html`; None if there is none.

        Raises SetupError if the folder cannot be read.
        """
        for source, target in self.mounts:
            if path == target or path.startswith(f"{target}/"):
                file = source / path[len(target) :].lstrip("/")
                try:
                    if file.is_file():
                        return file
                except OSError as error:
                    raise SetupError(f"{source} cannot be read: {error.strerror}.", "Check its permissions.") from None
        return None


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
