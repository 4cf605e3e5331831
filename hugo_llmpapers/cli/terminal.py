"""Text for a terminal or a build log: printable characters only."""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

from hugo_llmpapers.errors import split_location


def printable(text: str) -> str:
    """Return the text without characters that move the cursor, set colours or change the direction of writing.

    Also breaks what GitHub's runner would read as a command:
    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return re.sub(r"##(?=\[)|^(?=\s*::)", lambda found: "# #" if found[0] else ".", text, flags=re.MULTILINE)


def shortened(text: str, width: int) -> str:
    """Return the first `width` characters, with an ellipsis if more follow."""
    return text if len(text) <= width else f"{text[:width]}…"


def counted(number: int, one: str, many: str = "") -> str:
    """Return the number with its noun: `1 post`, `2 posts`, or `2 summaries` if `many` is given."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def print_stderr(text: str, *, end: str = "\n") -> None:
    """Print one or more lines to stderr, as printable text."""
    print(printable(text), end=end, file=sys.stderr, flush=True)


def print_error(message: str, *details: str) -> None:
    """Print what failed and, indented below it, the remedy and other details. Skips empty details.

    The first line starts with the program's name, or with the place in a file, which an editor can open.
    """
    print_stderr(relative_place(message) if split_location(message)[0] else f"hugo-llmpapers: {message}")
    for line in filter(None, details):
        print_stderr(f"  {line}")


def relative_place(message: str) -> str:
    """Return the message with the file it starts with, if any, relative to the working directory if it is below it."""
    place, text = split_location(message)
    try:
        return str(Path(place).relative_to(Path.cwd())) + text if place else text
    except (ValueError, OSError):
        return message


def ask(question: str) -> str | None:
    """Print a question to stderr and return the line that is typed; None at the end of the input."""
    print_stderr(question, end="")
    line = sys.stdin.readline()
    if not line.endswith("\n"):
        print_stderr("")
    return line or None


def confirm(question: str) -> bool:
    """Ask a question; anything but yes is no."""
    return (ask(f"{question} [y/N] ") or "").strip().lower() in {"y", "yes"}
