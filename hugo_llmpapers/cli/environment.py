"""The environment as the libraries read it: nothing that copying added, and exceptions from the proxy that they understand."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path

from hugo_llmpapers.errors import SetupError

_READ = re.compile(
    r"(?:ANTHROPIC|S2|HF|SSL)_\w+|(?:HTTPS?|ALL|NO)_PROXY|SSLKEYLOGFILE|HUGO_LLMPAPERS_\w+|HUGO(.)PARAMS\1LLMPAPERS\1.+",
    re.IGNORECASE,
)
"""Variables that this tool or a library of its reads."""
_HOST = re.compile(r"(?:\w+://)?[\w.*-]+(?::\d{1,4})?", re.ASCII)


def clean(environ: MutableMapping[str, str]) -> None:
    """Takes blanks and line ends off the values that we read, and away those that then are empty.

    A key or an address that is copied into a host's form often ends in a line end, which no header and no URL can have.
    """
    for name in [name for name in environ if _READ.fullmatch(name)]:
        value = environ[name].strip()
        if name.upper() == "NO_PROXY":
            value = ",".join(_exceptions(value))
        if value or name.upper().startswith("HUGO"):
            environ[name] = value
        else:
            del environ[name]


def check_certificates(environ: Mapping[str, str]) -> None:
    """Raises SetupError where OpenSSL is told to trust certificates that are nowhere, in the words of the variable."""
    file, folders = environ.get("SSL_CERT_FILE", ""), environ.get("SSL_CERT_DIR", "")
    if file:
        wrong = [] if Path(file).is_file() else [("SSL_CERT_FILE", file, "file")]
    else:
        there = any(Path(folder).is_dir() for folder in folders.split(os.pathsep))
        wrong = [("SSL_CERT_DIR", folders, "folder")] if folders and not there else []
    for name, value, kind in wrong:
        raise SetupError(
            f"{name} names {value}, which is no {kind}.", f"Name a {kind} of certificates in PEM, or unset it."
        )


def _exceptions(no_proxy: str) -> Iterator[str]:
    """The entries of NO_PROXY that httpx takes, in its form; it would stop at others. curl leaves them out, too.

    Such as `[::1]`, and ranges of IPv6 addresses. https://everything.curl.dev/usingcurl/proxies/env.html
    """
    for entry in re.split(r"[\s,]+", no_proxy):
        bare = entry.partition("]")[0].removeprefix("[")
        if entry == "*" or _is_ip(bare, 6) or _is_ip(bare.partition("/")[0], 4):
            yield bare
        elif _HOST.fullmatch(name := entry.removeprefix("*")) and "xn--" not in name.lower():
            yield name


def _is_ip(written: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(written).version == version and "%" not in written
    except ValueError:
        return False
