"""What a site is made of: itself, its themes and modules, and where their files stand in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site import files

_READ_AT_ONCE = frozenset({"archetypes", "content", "i18n", "layouts"})
"""Parts of a site that Hugo reads whole, whatever it is asked."""
CHECK_PROGRAM = "Check the Hugo on PATH."


@dataclass(frozen=True, slots=True)
class Module:
    """The site, a theme, or what else the site is made of."""

    folder: Path
    """Its root."""
    mounts: tuple[tuple[Path, str], ...]
    """Folders and files of it, and where they stand in the site: `layouts`, `layouts/shortcodes`."""

    def find(self, path: str) -> Path | None:
        """The file of this module that stands at `layouts/shortcodes/details.html`; None where there is none.

        Raises SetupError where the folder cannot be read.
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


def modules_in(printed: str) -> list[Module]:
    """The modules in what `hugo config mounts` printed. Raises SetupError where it is something else."""
    # One JSON object after the other, not a list of them.
    decoder, at, found = json.JSONDecoder(), printed.find("{"), []
    try:
        while at != -1:
            module, end = decoder.raw_decode(printed, at)
            folder = Path(module["dir"])
            # A source is below the module, or a whole path; Hugo leaves out those that are not there.
            mounts = ((folder / one["source"], str(one["target"]).strip("/")) for one in module.get("mounts") or ())
            found.append(Module(folder, tuple(mounts)))
            at = printed.find("{", end)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SetupError("`hugo config mounts` did not print JSON.", CHECK_PROGRAM) from None
    return found


def check_for_pipes(modules: Sequence[Module], folders: Iterable[Path]) -> None:
    """Raises SetupError where Hugo would wait for a pipe among templates and content, of the modules or in `folders`."""
    mounts = (source for module in modules for source, target in module.mounts if target.split("/")[0] in _READ_AT_ONCE)
    pipe = next(files.find_pipes(dict.fromkeys((*mounts, *folders))), None)
    if pipe is not None:
        raise SetupError(f"{pipe} is a pipe, and Hugo waits for what is written into it.", "Remove it.")
