"""What identifies a blog, wherever it is checked out and whatever its address: its kept posts are found by it.

A repository is identified by where it was cloned from, as hosts make clones without the first commit. The URL on Netlify has
another password in each build: https://docs.netlify.com/build/configure-builds/environment-variables/ (REPOSITORY_URL).
For GitHub's download without git, and a repository that git refuses to read, there are only the host's variables:
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
"""`git@github.com:owner/name.git`; a single letter before the colon is a Windows drive."""
_PLACEHOLDERS = {"localhost", "example.org", "example.com", "example.net"}
"""Hosts in the configuration of blogs that have no address yet; `hugo new site` writes example.org."""
_PORTS = {"https": 443, "http": 80, "ssh": 22, "git": 9418}


def of_site(root: Path, environ: Mapping[str, str], base_url: str = "") -> tuple[str, str]:
    """Return what identifies the repository, and the path of the site in it; without a repository "" and the site's folder.

    Blogs that began as clones of the same repository have the same first commit. If they have no remote, their base URLs
    distinguish them, as far as these are unique. No user name or password is included.
    """
    folder = root.resolve()
    top = git.repository_folder(folder)
    path = folder.as_posix() if top is None else folder.relative_to(top).as_posix()
    remote = top and git.remote_url(root, environ)
    if top and remote and remote.startswith("."):
        remote = (top / remote).resolve().as_posix()
    if url := remote or _url_from_host(environ):
        return normalized(url), path
    if top is not None and (commit := git.root_commit(root, environ)) is not None:
        return f"{commit} {base_url}" if is_unique(base_url) else commit, path
    return "", folder.as_posix()


def normalized(url: str) -> str:
    """Return a repository's URL in one form for SSH and HTTPS, without user name, password and `.git`."""
    try:
        parts = urlsplit(url)
        if parts.scheme and parts.netloc:
            port = f":{parts.port}" if parts.port not in (None, _PORTS.get(parts.scheme)) else ""
            return f"{(parts.hostname or '')}{port}/{_path(parts.path)}"
    except ValueError:
        return _path(url.rpartition("@")[2])
    if found := _SCP.fullmatch(url):
        return f"{found[1].lower()}/{_path(found[2])}"
    return f"/{_path(url.removeprefix('file://'))}"


def is_unique(base_url: str) -> bool:
    """Whether no other site has this base URL: not if it is `/`, an IP address, a local name or a placeholder."""
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
    except ValueError:
        return False
    is_named = "." in host and not re.fullmatch(r"[\d.]+", host) and host not in _PLACEHOLDERS
    return parts.scheme in ("http", "https") and is_named and not host.endswith(".localhost")


def _path(path: str) -> str:
    return path.strip("/").removesuffix(".git").rstrip("/")


def _url_from_host(environ: Mapping[str, str]) -> str | None:
    """Return the repository's URL by the variables of Netlify, GitLab or GitHub; None without them."""
    name = environ.get("GITHUB_REPOSITORY")
    at_github = f"{environ.get('GITHUB_SERVER_URL') or 'https://github.com'}/{name}" if name else None
    return environ.get("REPOSITORY_URL") or environ.get("CI_PROJECT_URL") or at_github
