"""Whose posts are kept: one blog, wherever it is checked out, whatever its address, and never another one.

The repository is told by where it was cloned from, since hosts make clones without the first commit. Netlify's address has
another password in each build: https://docs.netlify.com/build/configure-builds/environment-variables/ (REPOSITORY_URL).
GitHub's download without git, and a repository that git refuses to read, have only the host's variables:
https://docs.github.com/en/actions/reference/workflows-and-actions/variables,
https://docs.gitlab.com/ci/variables/predefined_variables/.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from hugo_llmpapers.site import git

_SCP = re.compile(r"(?:[^@/]*@)?([^:/@]{2,}):(?!//)(.*)")
"""`git@github.com:owner/name.git`; one letter before the colon is a disk of Windows."""
_PLACEHOLDERS = {"localhost", "example.org", "example.com", "example.net"}
"""Hosts that stand in the configuration of blogs that have none yet; `hugo new site` writes example.org."""


def of_site(root: Path, environ: Mapping[str, str], base_url: str = "") -> tuple[str, str]:
    """The repository, and the path of the site in it; without a repository the site's folder alone.

    Blogs that began as clones of one have its first commit in common: where no remote tells them apart, their base URLs do,
    as far as these are their own. No user or password is in it.
    """
    folder = root.resolve()
    top = git.repository_folder(folder)
    where = folder.as_posix() if top is None else folder.relative_to(top).as_posix()
    cloned_from = top and git.remote(root, environ)
    if top and cloned_from and cloned_from.startswith("."):
        cloned_from = (top / cloned_from).resolve().as_posix()  # from the repository's folder on
    address = cloned_from or _host_says(environ)
    if address:
        return normalised(address), where
    if top is not None and (commit := git.root_commit(root, environ)) is not None:
        return f"{commit} {base_url}" if is_its_own(base_url) else commit, where
    return "", folder.as_posix()


def normalised(address: str) -> str:
    """A repository's address in one spelling, for SSH and HTTPS alike, without user, password and `.git`."""
    try:
        parts = urlsplit(address)
        if parts.scheme and parts.netloc:
            usual = {"https": 443, "http": 80, "ssh": 22, "git": 9418}.get(parts.scheme)
            port = f":{parts.port}" if parts.port not in (None, usual) else ""
            return f"{(parts.hostname or '')}{port}/{_path(parts.path)}"
    except ValueError:
        return _path(address.rpartition("@")[2])
    if found := _SCP.fullmatch(address):
        return f"{found[1].lower()}/{_path(found[2])}"
    return f"/{_path(address.removeprefix('file://'))}"


def is_its_own(base_url: str) -> bool:
    """Whether no other site has this base URL: not where it is `/`, or the address of a machine or of nobody."""
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
    except ValueError:
        return False
    is_named = "." in host and not re.fullmatch(r"[\d.]+", host) and host not in _PLACEHOLDERS
    return parts.scheme in ("http", "https") and is_named and not host.endswith(".localhost")


def _path(path: str) -> str:
    return path.strip("/").removesuffix(".git").rstrip("/")


def _host_says(environ: Mapping[str, str]) -> str | None:
    """The address of what is built, by the variables of Netlify, GitLab and GitHub."""
    name = environ.get("GITHUB_REPOSITORY")
    at_github = f"{environ.get('GITHUB_SERVER_URL') or 'https://github.com'}/{name}" if name else None
    return environ.get("REPOSITORY_URL") or environ.get("CI_PROJECT_URL") or at_github
