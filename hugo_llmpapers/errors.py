"""The failures a user can meet.

Each says what happened in one line, with its operands, and what to do about it in another. The command line turns
them into these two lines and the exit code; anything else that is raised is a bug and keeps its traceback.

    Failure                 1   failed
    ├─ UsageError           2   the command line is wrong
    ├─ SetupError           3   site, settings, key or model cannot be used
    ├─ NoRoom               3   the folder for temporary files cannot be used
    ├─ NothingToPublish     4   under --strict, nothing or too little to publish
    └─ ServicesFailed       5   the services are unreachable or answer nonsense; nothing was written
"""

import os
import re
from pathlib import Path
from typing import Any, Literal

_PLACED = re.compile(r"(.+?:\d+:\d+: error: )(.*)", re.DOTALL)

Trouble = Literal[
    "refused", "cut-off", "malformed", "checks",
    "overloaded", "server-error", "timeout", "unreachable", "broken",
    "key", "credit", "model", "endpoint",
    "budget",
]  # fmt: skip
"""Why there is no summary, in words that stay: the first line is about one paper, the second about the service, the third
ends a run."""


class Failure(Exception):
    """Something the user can do something about."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "", *, trouble: Trouble | None = None) -> None:
        super().__init__(message)
        self.message = message
        """One line: what happened, to what."""
        self.remedy = remedy
        """One line: what to do; empty where there is nothing to say."""
        self.trouble = trouble
        """Which trouble with the summaries it is; None where it is about something else, or about several."""
        self.note = ""
        """One more line that is worth knowing, such as what was paid."""
        self.document: dict[str, Any] = {}
        """What programs are told besides, such as what is done all the same."""


class UsageError(Failure):
    """The command line asks for something that cannot be."""

    exit_code = 2


class SetupError(Failure):
    """The site, its settings, the Claude key or the model cannot be used as they are."""

    exit_code = 3


class NoRoom(Failure):
    """The folder for temporary files does not take what is written. No SetupError: neither a paper nor the site is to blame."""

    exit_code = 3


def unusable_proxy() -> SetupError:
    """Its address may hold a password, so it is not shown."""
    remedy = "Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY."
    return SetupError("The proxy that the environment names cannot be used.", remedy)


def refused(error: OSError) -> SetupError:
    """What the operating system does not let us do, with the file that it is about where the error names one."""
    reason = error.strerror or str(error) or type(error).__name__
    if not isinstance(error.filename, str | bytes):
        return SetupError(
            f"The system refuses what the run needs: {reason}.", "Check the disk and the limits of the system."
        )
    return SetupError(
        f"{os.fsdecode(error.filename)} cannot be used: {reason}.", "Check its owner, its permissions and the disk."
    )


def socks_proxy() -> SetupError:
    """httpx speaks to such proxies with the help of a package that it does not bring."""
    return SetupError(
        "The proxy that the environment names is a SOCKS proxy, which needs the package socksio.",
        "Install it beside this tool (pip install socksio), or name an HTTP proxy in HTTPS_PROXY and ALL_PROXY.",
    )


def unusable_certificates(error: OSError) -> SetupError:
    """Those that OpenSSL is told to trust."""
    remedy = "Check SSL_CERT_FILE, SSL_CERT_DIR and SSLKEYLOGFILE, or unset them."
    return SetupError(f"The certificates that the environment names cannot be read: {error.strerror or error}.", remedy)


class NothingToPublish(Failure):
    """Asked to be strict, and there is less to publish than asked."""

    exit_code = 4


class ServicesFailed(Failure):
    """What is needed from the network could not be had."""

    exit_code = 5


def placed(file: Path, line: int, column: int, what: str) -> str:
    """A message about a place in a file, as compilers write it and editors read it; line and column from 1."""
    return f"{file}:{line}:{column}: error: {what}"


def split_place(message: str) -> tuple[str, str]:
    """What `placed` put in front, empty where the message is about no place, and the rest."""
    found = _PLACED.match(message)
    return (found[1], found[2]) if found else ("", message)


class Unavailable(Exception):
    """A service did not give a usable answer. `str()` is one line that names the service and why.

    Not a Failure: whether the run can do without is decided where it is caught.
    """

    def __init__(self, service: str, reason: str, *, status: int | None = None) -> None:
        super().__init__(f"{service}: {reason}")
        self.service = service
        self.reason = reason
        self.status = status
        """HTTP status of the last answer; None where there was no answer."""
