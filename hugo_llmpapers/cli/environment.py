"""Environment variables as the libraries can read them: without stray white space, and with a NO_PROXY that httpx accepts."""

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
"""Variables that this tool or one of its libraries reads."""
_HOST = re.compile(r"(?:\w+://)?[\w.*-]+(?::\d{1,4})?", re.ASCII)


def clean(environ: MutableMapping[str, str]) -> None:
    """Strip white space from the variables that are read here, and remove those that are empty then.

    A key or URL that is copied into a host's form often ends in a line end, which no header and no URL can have.
    """
    for name in [name for name in environ if _READ.fullmatch(name)]:
        value = environ[name].strip()
        if name.upper() == "NO_PROXY":
            value = ",".join(_accepted(value))
        if value or name.upper().startswith("HUGO"):
            environ[name] = value
        else:
            del environ[name]


def check_certificates(environ: Mapping[str, str]) -> None:
    """Raises SetupError if the variables for OpenSSL name certificates that do not exist."""
    file, folders = environ.get("SSL_CERT_FILE", ""), environ.get("SSL_CERT_DIR", "")
    if file and not Path(file).is_file():
        name, value, kind = "SSL_CERT_FILE", file, "file"
    elif folders and not file and not any(Path(folder).is_dir() for folder in folders.split(os.pathsep)):
        name, value, kind = "SSL_CERT_DIR", folders, "folder"
    else:
        return
    remedy = f"Name a {kind} of certificates in PEM, or unset it."
    raise SetupError(f"{name} names {value}, which is not a {kind}.", remedy)


def _accepted(no_proxy: str) -> Iterator[str]:
    """Yield the entries of NO_PROXY that httpx accepts, in its form; it would raise for others. curl ignores them, too.

    Examples are `[::1]` and ranges of IPv6 addresses. https://everything.curl.dev/usingcurl/proxies/env.html
    """
    for entry in re.split(r"[\s,]+", no_proxy):
        bare = entry.partition("]")[0].removeprefix("[")
        if entry == "*" or _is_ip(bare, 6) or _is_ip(bare.partition("/")[0], 4):
            yield bare
        elif _HOST.fullmatch(name := entry.removeprefix("*")) and "xn--" not in name.lower():
            yield name


def _is_ip(text: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(text).version == version and "%" not in text
    except ValueError:
        return False
