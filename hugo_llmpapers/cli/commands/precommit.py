"""The pre-commit hook: runs `doctor` for each site that a changed file belongs to."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from hugo_llmpapers.site.config.config_files import FORMATS


def main(files: Sequence[str]) -> int:
    """Return the first exit code of `doctor` that is not 0, else 0. Paths are relative to the working directory."""
    # A contributor without a key may commit. The key is not used, as no service is called.
    environ = {**os.environ, "ANTHROPIC_API_KEY": os.environ.get("ANTHROPIC_API_KEY") or "not-needed-here"}
    doctor = [sys.executable, "-P", "-m", "hugo_llmpapers", "doctor", "--quiet", "--source"]
    sites = dict.fromkeys(filter(None, map(_site, map(Path, files))))  # the repository's folder or folders below it
    codes = [subprocess.run([*doctor, str(site)], env=environ, check=False).returncode for site in sites]
    return next(filter(None, codes), 0)


def _site(file: Path) -> Path | None:
    """Return the nearest folder with a Hugo configuration that is not a theme's; None if there is none."""
    return next((folder for folder in file.parents if "themes" not in folder.parts and _is_site(folder)), None)


def _is_site(folder: Path) -> bool:
    files = (folder / f"{stem}{suffix}" for stem in ("hugo", "config") for suffix in FORMATS)
    return (folder / "config" / "_default").is_dir() or any(map(Path.is_file, files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
