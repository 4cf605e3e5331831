"""The hook for pre-commit, which hands over the changed files: `doctor` for each site that they are of."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from hugo_llmpapers.site.config.config_files import FORMATS


def main(files: Sequence[str]) -> int:
    """The exit code: `doctor`'s first one that is not 0. Paths are relative to the current folder."""
    # Who has no key, as a contributor, may commit all the same: the site is looked at as where the key is. Nobody is asked.
    environ = {**os.environ, "ANTHROPIC_API_KEY": os.environ.get("ANTHROPIC_API_KEY") or "not-needed-here"}
    doctor = [sys.executable, "-P", "-m", "hugo_llmpapers", "doctor", "--quiet", "--source"]
    codes = [subprocess.run([*doctor, str(site)], env=environ, check=False).returncode for site in sites(files)]
    return next(filter(None, codes), 0)


def sites(files: Sequence[str]) -> list[Path]:
    """The folders of the sites that these files are of, the repository's own or below it; none for files of no site."""
    return list(dict.fromkeys(filter(None, map(_site, map(Path, files)))))


def _site(file: Path) -> Path | None:
    """The nearest folder with Hugo's configuration; that of a theme is none of a site."""
    return next((folder for folder in file.parents if "themes" not in folder.parts and _is_site(folder)), None)


def _is_site(folder: Path) -> bool:
    files = (folder / f"{stem}{suffix}" for stem in ("hugo", "config") for suffix in FORMATS)
    return (folder / "config" / "_default").is_dir() or any(map(Path.is_file, files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
