"""Errors that the user can do something about.

Each has a message, what happened and to what, and a remedy, what to do about it. The command line prints these two lines
and exits with the error's code. Any other exception is a bug and keeps its traceback.

    Failure                 1   failed
    ├─ UsageError           2   the command line is wrong
    ├─ SetupError           3   site, settings, key or model cannot be used
    ├─ TemporaryFolderError 3   the folder for temporary files cannot be used
    ├─ NothingToPublish     4   under --strict, nothing or too little to publish
    └─ ServicesFailed       5   the services are unreachable or send invalid answers; nothing was written
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

_WITH_LOCATION = re.compile(r"(.+?:\d+:\d+: error: )(.*)", re.DOTALL)
_ERRNO = re.compile(r"^\[Errno -?\d+\] ")

Trouble = Literal[
    "refused", "cut-off", "malformed", "checks",
    "overloaded", "server-error", "timeout", "unreachable", "broken",
    "key", "credit", "model", "endpoint",
    "budget",
]  # fmt: skip
"""Why there is no summary; part of the JSON output. The first line is about one paper, the second about the service, the
third and fourth end a run."""


class Failure(Exception):
    """An error that the user can do something about."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "", *, trouble: Trouble | None = None) -> None:
        super().__init__(message)
        self.message = message
        """One line: what happened, to what."""
        self.remedy = remedy
        """One line: what to do; empty if there is no advice."""
        self.trouble = trouble
        """Why summaries failed; None if the error is about something else, or for several reasons."""
        self.note = ""
        """One more line for the user, such as the cost; empty if there is none."""
        self.document: dict[str, Any] = {}
        """Further fields of the JSON output, such as what was done nevertheless."""


class UsageError(Failure):
    """The command line is invalid."""

    exit_code = 2


class SetupError(Failure):
    """The site, its settings, the Claude key or the model cannot be used."""

    exit_code = 3


class TemporaryFolderError(Failure):
    """The folder for temporary files cannot be written to. Not a SetupError: the cause is neither the site nor a paper."""

    exit_code = 3


def from_os_error(error: OSError) -> SetupError:
    """Return the error of the operating system as a SetupError that names the file, if the error has one."""
    reason = error.strerror or str(error) or type(error).__name__
    if not isinstance(error.filename, str | bytes):
        return SetupError(f"The operating system reports: {reason}.", "Check the disk and the limits of the system.")
    return SetupError(
        f"{os.fsdecode(error.filename)} cannot be used: {reason}.", "Check its owner, its permissions and the disk."
    )


def without_errno(reason: str) -> str:
    """Return the reason without the number in front: `[Errno 111] Connection refused` becomes `connection refused`."""
    text = _ERRNO.sub("", reason)
    return text if text == reason else text[:1].lower() + text[1:]


@contextmanager
def checking_network_environment(invalid_url: type[Exception]) -> Iterator[None]:
    """Raise SetupError if an HTTP client cannot be created with the proxy or the certificates of the environment.

    `invalid_url`: the HTTP library's error. The proxy's address is not shown, as it may hold a password.
    """
    try:
        yield
    except ImportError:  # httpx needs an optional package
        raise SetupError(
            "The proxy of the environment is a SOCKS proxy, which needs the package socksio.",
            "Install it with this tool (pip install socksio), or set an HTTP proxy in HTTPS_PROXY and ALL_PROXY.",
        ) from None
    except OSError as error:
        raise SetupError(
            f"The certificates of the environment cannot be read: {error.strerror or error}.",
            "Check SSL_CERT_FILE, SSL_CERT_DIR and SSLKEYLOGFILE, or unset them.",
        ) from None
    except (ValueError, invalid_url):
        raise SetupError(
            "The proxy of the environment cannot be used.", "Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY."
        ) from None


class NothingToPublish(Failure):
    """With --strict, there are fewer papers to publish than requested."""

    exit_code = 4


class ServicesFailed(Failure):
    """The network services did not provide what the run needs."""

    exit_code = 5


def with_location(file: Path, line: int, column: int, message: str) -> str:
    """Return the message in the format of compilers, which editors recognize. Line and column count from 1."""
    return f"{file}:{line}:{column}: error: {message}"


def split_location(message: str) -> tuple[str, str]:
    """Return the prefix that `with_location` added, empty if there is none, and the rest."""
    found = _WITH_LOCATION.match(message)
    return (found[1], found[2]) if found else ("", message)


class Unavailable(Exception):
    """A service did not send a usable answer. `str()` is one line with the service's name and the reason.

    Not a Failure: the caller decides whether the run can continue without the answer.
    """

    def __init__(self, service: str, reason: str, *, status: int | None = None) -> None:
        super().__init__(f"{service}: {reason}")
        self.service = service
        self.reason = reason
        self.status = status
        """HTTP status of the last answer; None if there was no answer."""
