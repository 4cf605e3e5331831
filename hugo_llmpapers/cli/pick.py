"""`new --pick`: shows the ranking in the terminal, and reads line by line which papers a person chooses.

Lines work over ssh, in an editor's terminal and on Windows. Everything goes to stderr, as stdout is for the result.
"""

from __future__ import annotations

import os
import re
import sys
import textwrap
import unicodedata
from collections.abc import Sequence

from hugo_llmpapers.cli.output import format_reasons
from hugo_llmpapers.cli.terminal import ask, counted, print_stderr
from hugo_llmpapers.errors import UsageError
from hugo_llmpapers.records import Candidate
from hugo_llmpapers.sources import arxiv_id
from hugo_llmpapers.text.latex import readable
from hugo_llmpapers.text.markdown import one_line

PAGE = 12
"""Papers shown at once."""
_INDENT = " " * 11
_NUMBER = re.compile(r"([+-]?)(\d{1,4})")
_HELP = """\
  Enter       take what is chosen
  3 7 1       choose these instead, in this order
  +6 -2       add one at the end, leave one out
  a 3         read the abstract
  m           show more papers
  l           show the list again
  q           quit; nothing is written"""


def check_terminal() -> None:
    """Raises UsageError if there is no terminal to ask on."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "--pick needs a terminal to ask on.", "Name the papers with --ids; new --dry-run --explain lists them."
        )


def pick(candidates: Sequence[Candidate], count: int) -> list[Candidate]:
    """Return the papers that a person chooses, in their order, at least one. The first `count` are preselected.

    Raises KeyboardInterrupt if the person quits.
    """
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="replace")
    _discard_typed_ahead()
    chosen = tuple(range(1, min(count, len(candidates)) + 1))
    shown = min(max(PAGE, count), len(candidates))
    _print_list(candidates, range(1, shown + 1), chosen)
    print_stderr(f"\n{_HELP}")
    while True:
        typed = _read_command(f"\nChosen: {' '.join(map(str, chosen)) or 'nothing'}. Enter accepts, ? shows help.")
        if typed == "" and chosen:
            return [candidates[number - 1] for number in chosen]
        if typed == "":
            print_stderr("Nothing is chosen; q quits.")
        elif typed in ("q", "quit", "exit"):
            raise KeyboardInterrupt
        elif typed in ("m", "more"):
            more = range(shown + 1, min(shown + PAGE, len(candidates)) + 1)
            _print_list(candidates, more, chosen) if more else print_stderr("These are all.")
            shown += len(more)
        elif typed in ("l", "list"):
            _print_list(candidates, range(1, shown + 1), chosen)
        elif requested := re.fullmatch(r"a\s*(\d+)", typed):
            _print_abstract(candidates, int(requested[1]))
        elif changes := _parse_numbers(typed):
            chosen = _change(chosen, changes, len(candidates))
            for place, number in enumerate(chosen, 1):
                _print_title(candidates, number, f"[{place}]")
        else:
            print_stderr(_HELP)


def _discard_typed_ahead() -> None:
    """Discard what was typed before the list was shown: an early Enter must not accept it unseen."""
    try:
        import termios
    except ImportError:  # Windows
        import msvcrt

        while msvcrt.kbhit():  # type: ignore[attr-defined, unused-ignore]
            msvcrt.getwch()  # type: ignore[attr-defined, unused-ignore]
    else:
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def _read_command(question: str) -> str:
    """Return the typed line in lower case, with the characters of an input method as ASCII: １ is 1.

    Raises KeyboardInterrupt at the end of the input.
    """
    line = ask(f"{question}\n> ")
    if line is None:
        raise KeyboardInterrupt
    return unicodedata.normalize("NFKC", line).replace("、", ",").strip().casefold()


def _parse_numbers(typed: str) -> list[tuple[str, int]]:
    """Return numbers with their signs (`+`, `-` or empty); nothing if anything else was typed."""
    words = re.sub(r"([+-])\s+", r"\1", typed.replace(",", " ")).split()
    found = [_NUMBER.fullmatch(word) for word in words]
    return [(one[1], int(one[2])) for one in found if one] if all(found) else []


def _change(chosen: tuple[int, ...], changes: list[tuple[str, int]], most: int) -> tuple[int, ...]:
    """Return the choice after these changes. If they are invalid, print why and return it unchanged."""
    if not all(_check_number(number, most) for _, number in changes):
        return chosen
    if len({bool(sign) for sign, _ in changes}) > 1:
        print_stderr("Type either all numbers of the choice, or only changes with their signs.")
        return chosen
    if not changes[0][0]:
        return tuple(dict.fromkeys(number for _, number in changes))
    for sign, number in changes:
        chosen = tuple(other for other in chosen if other != number) + ((number,) if sign == "+" else ())
    return chosen


def _check_number(number: int, most: int) -> bool:
    if not 1 <= number <= most:
        print_stderr(f"There is no {number}: the numbers go from 1 to {most}.")
        return False
    return True


def _print_list(candidates: Sequence[Candidate], numbers: Sequence[int], chosen: tuple[int, ...]) -> None:
    for number in numbers:
        candidate = candidates[number - 1]
        _print_title(candidates, number, f"[{chosen.index(number) + 1}]" if number in chosen else "")
        _print_line(_signals(candidate))
        _print_line(format_reasons(candidate))
    hidden = len(candidates) - max(numbers, default=0)
    if hidden > 0:
        print_stderr(f"{_INDENT}{hidden} more: m shows them")


def _print_title(candidates: Sequence[Candidate], number: int, place: str) -> None:
    _print_line(readable(candidates[number - 1].paper.title), f"{place:>5s} {number:3d}. ")


def _print_line(text: str, start: str = _INDENT) -> None:
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns  # stdout may be a pipe
    except OSError:
        columns = 0
    wrap = textwrap.TextWrapper(max(40, (columns or 80) - 1), start, _INDENT, break_on_hyphens=False)
    print_stderr(wrap.fill(one_line(text)))


def _signals(candidate: Candidate) -> str:
    paper = candidate.paper
    parts = [candidate.source, paper.arxiv_id, paper.published.isoformat()]
    if (listing := paper.listing_from("huggingface")) and listing.votes is not None:
        parts.append(counted(listing.votes, "vote"))
    if (listing := paper.listing_from("semanticscholar")) and listing.citations is not None:
        parts.append(counted(listing.citations, "citation"))
    return ", ".join(parts)


def _print_abstract(candidates: Sequence[Candidate], number: int) -> None:
    if not _check_number(number, len(candidates)):
        return
    paper = candidates[number - 1].paper
    print_stderr("")
    _print_title(candidates, number, "")
    for part in (", ".join(paper.authors), arxiv_id.abs_url(paper.arxiv_id), paper.abstract):
        _print_line(readable(part))
