"""Run the site's own Hugo, with the flags that the user passed. This is the only module that does.

`hugo config` reads the site's configuration, `hugo new content` fills the archetype, `hugo build` checks the result.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hugo_llmpapers.errors import SetupError, TemporaryFolderError, with_location
from hugo_llmpapers.site import programs
from hugo_llmpapers.site.hugo_program import OLDEST, OLDEST_TESTED, Version, format_version, untouched
from hugo_llmpapers.site.mounts import CHECK_PROGRAM, Module, parse_mounts
from hugo_llmpapers.temporary import ROOM_REMEDY, temporary_folder

TRIAL_TIMEOUT_S = 30.0
"""For the build of a post with little of the site, which takes 0.1 to 2 s."""
_KEEP_SITE = {
    "HUGO_NOBUILDLOCK": "true",  # .hugo_build.lock; in some versions not every command has the flag
    "HUGO_BUILD_NOJSCONFIGINASSETS": "true",  # assets/jsconfig.json, if a script imports another
    "HUGO_BUILD_BUILDSTATS_ENABLE": "false",  # hugo_stats.json, which even a list writes
    "HUGO_BUILD_WRITESTATS": "false",  # the same until 0.115
    "HUGO_ENABLEGITINFO": "false",  # Hugo stops if a page is not in a repository, as ours in a scratch folder
}
"""Variables for commands whose output is not the site's. Their publish folder and resources must be elsewhere, too."""
_VERSION = re.compile(r"\bv?(\d+)\.(\d+)(?:\.(\d+))?")
_LOCATION = re.compile(r"\"((?:[A-Za-z]:)?[^\":]+):(\d+):(\d+)\": ")
_ERROR = re.compile(r"^(?:Error|ERROR)\b:?\s*")
_DISK_FULL = re.compile(
    r"no space left on device|file too large|file size limit exceeded|disk quota exceeded", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Hugo:
    """How to run Hugo for a site."""

    program: Path
    source: Path
    """The site's root folder."""
    environment: str = "production"
    config: str | None = None
    clock: str | None = None
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Environment variables. They may hold secrets; our own API keys are not passed to Hugo."""

    def flags(self) -> list[str]:
        """Return the user's flags of Hugo. The environment is always passed, as older Hugos mix environments otherwise."""
        flags = ["-s", str(self.source), "-e", self.environment]
        flags += ["--config", self.config] if self.config else []
        return flags + (["--clock", self.clock] if self.clock else [])


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a command."""

    code: int
    out: str
    err: str

    @property
    def _lines(self) -> list[str]:
        """Lines of stderr and of stdout, to which Hugo up to 0.150 prints errors."""
        return [line.strip() for line in (*self.err.splitlines(), *self.out.splitlines()) if line.strip()]

    @property
    def error(self) -> str:
        """The line with Hugo's error."""
        errors = [line for line in self._lines if _ERROR.match(line)]
        # The last line of a build has the cause, or only counts the errors before it.
        causes = [line for line in errors if "error building site: " in line and "logged" not in line]
        return _ERROR.sub("", (causes or errors or self._lines or ["it printed nothing"])[0])

    @property
    def warnings(self) -> tuple[str, ...]:
        """The lines with warnings."""
        return tuple(line for line in self._lines if line.startswith("WARN"))

    @property
    def has_broken_ref(self) -> bool:
        """Whether `ref` or `relref` leads to a page that is not in this build, though it may be in the site."""
        return any("REF_NOT_FOUND" in line for line in self.warnings)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What `hugo config` prints."""

    values: dict[str, Any]
    """Keys in lower case."""
    prints_zero_values: bool
    """Whether settings that are `false`, `0` or `""` are in it, as since Hugo 0.141."""


class TimedOut(SetupError):
    """A command of Hugo's timed out: it hangs, or the site is large."""


def version(hugo: Hugo) -> Version:
    """Return the version of the program. Raises SetupError if it is not known, or older than required."""
    printed = _run(hugo, ["version"]).out
    found = _VERSION.search(printed[max(printed.find("hugo v"), 0) :])
    if found is None:
        raise SetupError(f"{hugo.program} does not print its version.", "Check that it is Hugo.")
    number = (int(found[1]), int(found[2]), int(found[3] or 0))
    if number < OLDEST:
        remedy = f"Install Hugo {format_version(OLDEST)} or newer; {format_version(OLDEST_TESTED)} is the oldest that is tested."
        raise SetupError(f"Hugo {format_version(number)} at {hugo.program} is too old.", remedy)
    return number


def config(hugo: Hugo, language: str | None = None) -> Configuration:
    """Return the complete configuration as Hugo sees it, for a language or the default one.

    Raises SetupError with Hugo's own line if it cannot read the configuration, or is too old for the command.
    """
    args = ["config", "--format", "json", *hugo.flags()] + (["--lang", language] if language else [])
    ran = _run(hugo, [*args, "--printZero"])
    prints_zero_values = "unknown flag: --printZero" not in ran.err + ran.out
    if not prints_zero_values:
        ran = _run(hugo, args)
    if ran.code != 0 or "{" not in ran.out:
        version(hugo)
        problem = _with_location(hugo, "Hugo cannot read the site's configuration", ran.error)
        raise SetupError(problem, _remedy(ran.error))
    return Configuration(parse_config(ran.out), prints_zero_values)


def parse_config(printed: str) -> dict[str, Any]:
    """Return the configuration in what `hugo config --format json` printed. Raises SetupError if there is none."""
    try:
        return dict(json.loads(printed[printed.index("{") :]))
    except (ValueError, RecursionError):
        raise SetupError("`hugo config` did not print JSON.", CHECK_PROGRAM) from None


def _with_location(hugo: Hugo, problem: str, error: str) -> str:
    found = _LOCATION.search(error)
    if found is None or not Path(found[1]).is_relative_to(hugo.source):
        return f"{problem}: {error}"
    reason = error[: found.start()] + error[found.end() :]
    return with_location(Path(found[1]), int(found[2]), int(found[3]), f"{problem}: {reason}")


def _remedy(error: str) -> str:
    if 'binary with name "go" not found' in error:
        return (
            "Install Go (https://go.dev/dl/), or commit the folder that `hugo mod vendor` creates on a machine with Go."
        )
    if re.search(r'module "[^"]*" not found', error):
        return "Add the theme; if it is a git submodule: git submodule update --init."
    return "Fix it; `hugo config` reports the same."


def modules(hugo: Hugo) -> list[Module]:
    """Return the site, its themes and modules in Hugo's order of precedence. Raises SetupError if Hugo prints no JSON."""
    ran = _run(hugo, ["config", "mounts", *hugo.flags()])
    if ran.code != 0:
        return [Module(hugo.source, ((hugo.source / "layouts", "layouts"),))]
    return parse_mounts(ran.out)


def new_content(hugo: Hugo, kind: str, path: str, scratch_environment: Mapping[str, str]) -> Result:
    """Fill the archetype of this kind into `path`, below the content folder of the scratch environment."""
    # An editor in the configuration would be opened, or refused, after the file is written.
    args = ["new", "content", "--kind", kind, path, "--editor", "", *hugo.flags()]
    return _run_elsewhere(hugo, args, {**scratch_environment, "HUGO_NEWCONTENTEDITOR": ""})


def build(
    hugo: Hugo,
    destination: Path,
    scratch_environment: Mapping[str, str],
    *,
    alone: bool = True,
    seconds: float = TRIAL_TIMEOUT_S,
) -> Result:
    """Build the site into `destination`, from the folders of the scratch environment, without a trace in the site.

    `alone`: other pages are left out, so a link to one of them is not an error. Raises TimedOut after `seconds`.
    """
    args = ["--destination", str(destination), "--printPathWarnings", *hugo.flags()]
    variables = {**_KEEP_SITE, "HUGO_RESOURCEDIR": str(destination.parent / "resources")}
    if alone:
        variables["HUGO_REFLINKSERRORLEVEL"] = "WARNING"  # of `ref` in layouts
    return _run(hugo, args, variables | dict(scratch_environment), seconds)


def list_pages(hugo: Hugo, scratch_environment: Mapping[str, str]) -> list[dict[str, str]]:
    """Return all pages, hidden ones too, with the columns of `hugo list all`: `path`, `permalink`, `draft` …

    Raises SetupError with Hugo's own line if it fails, as it does for the whole site if one page is broken.
    """
    ran = _run_elsewhere(hugo, ["list", "all", *hugo.flags()], scratch_environment)
    if ran.code != 0:
        problem = _with_location(hugo, "Hugo cannot list the site's pages", ran.error)
        raise SetupError(problem, "Fix it; `hugo list all` reports the same.")
    return parse_pages(ran.out)


def parse_pages(printed: str) -> list[dict[str, str]]:
    """Return the rows in what `hugo list` printed; empty if there is no table. Raises SetupError if it is broken."""
    start = printed.find("path,")
    try:
        return list(csv.DictReader(io.StringIO(printed[start:]))) if start != -1 else []
    except csv.Error:
        raise SetupError("`hugo list all` did not print a table.", CHECK_PROGRAM) from None


def _run_elsewhere(hugo: Hugo, args: Sequence[str], scratch_environment: Mapping[str, str]) -> Result:
    """Run a command whose output files, such as those of content adapters, are thrown away."""
    with temporary_folder() as folder:
        variables = {**_KEEP_SITE, **scratch_environment, "HUGO_RESOURCEDIR": str(folder / "resources")}
        return _run(hugo, [*args, "--destination", str(folder / "public")], variables)


def _run(hugo: Hugo, args: Sequence[str], variables: Mapping[str, str] | None = None, seconds: float = 120.0) -> Result:
    command = "hugo" if args[0].startswith("-") else f"hugo {args[0]}"
    try:
        with untouched(hugo.source):
            done = programs.run([str(hugo.program), *args], env={**hugo.environ, **(variables or {})}, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise TimedOut(f"{command} timed out after {seconds:.0f} s.", "Try the command in the site.") from None
    except OSError as error:
        raise SetupError(f"{hugo.program} cannot be run: {error.strerror}.", CHECK_PROGRAM) from None
    # Names that are not UTF-8 must be found again.
    out, err = (
        stream.decode("utf-8", "surrogateescape").replace("\r\n", "\n") for stream in (done.stdout, done.stderr)
    )
    if done.returncode != 0 and (full := _DISK_FULL.search(err + out)) is not None:
        raise TemporaryFolderError(f"{command} cannot write its files: {full[0].lower()}.", ROOM_REMEDY)
    return Result(done.returncode, out, err)
