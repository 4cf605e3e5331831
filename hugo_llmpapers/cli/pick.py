"""Choosing papers by hand: the ranking on the terminal, and what is typed about it, line by line.

Lines work over ssh, in an editor's terminal and on Windows alike. Everything goes to stderr, as stdout is for the result.
"""

from __future__ import annotations

import os
import re
import sys
import textwrap
import unicodedata
from collections.abc import Sequence

from hugo_llmpapers.cli.console import visible
from hugo_llmpapers.cli.text_output import reasons
from hugo_llmpapers.errors import UsageError
from hugo_llmpapers.records import Candidate
from hugo_llmpapers.sources import arxiv_id
from hugo_llmpapers.text.latex import readable
from hugo_llmpapers.text.markdown import one_line

PAGE = 12
"""Papers that are shown at once."""
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
    """Raises UsageError where there is nobody to ask."""
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "--pick needs a terminal to ask on.",
            "Name the papers with --ids; new --dry-run --explain shows which there are.",
        )


def pick(candidates: Sequence[Candidate], count: int) -> list[Candidate]:
    """What a person chooses, in their order, at least one; the first `count` are chosen to begin with.

    Raises KeyboardInterrupt where they quit.
    """
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="replace")
    _forget_what_was_typed()
    chosen = tuple(range(1, min(count, len(candidates)) + 1))
    shown = min(max(PAGE, count), len(candidates))
    _show(candidates, range(1, shown + 1), chosen)
    _say(f"\n{_HELP}")
    while True:
        typed = _typed(f"\nChosen: {' '.join(map(str, chosen)) or 'nothing'}. Enter takes it, ? helps.")
        if typed == "":
            if chosen:
                return [candidates[number - 1] for number in chosen]
            _say("Nothing is chosen; q quits.")
        elif typed in ("q", "quit", "exit"):
            raise KeyboardInterrupt
        elif typed in ("m", "more"):
            more = range(shown + 1, min(shown + PAGE, len(candidates)) + 1)
            _show(candidates, more, chosen) if more else _say("These are all.")
            shown += len(more)
        elif typed in ("l", "list"):
            _show(candidates, range(1, shown + 1), chosen)
        elif asked := re.fullmatch(r"a\s*(\d+)", typed):
            _show_abstract(candidates, int(asked[1]))
        elif numbers := _numbers(typed):
            chosen = _changed(numbers, chosen, len(candidates))
            _show_choice(candidates, chosen)
        else:
            _say(_HELP)


def _forget_what_was_typed() -> None:
    """An Enter of somebody who could not wait for the list must not take it unseen."""
    try:
        import termios
    except ImportError:  # Windows
        import msvcrt

        while msvcrt.kbhit():  # type: ignore[attr-defined, unused-ignore]
            msvcrt.getwch()  # type: ignore[attr-defined, unused-ignore]
    else:
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def _typed(question: str) -> str:
    """The line that answers, in small letters and as a plain keyboard types it: an input method's １ is 1.

    Raises KeyboardInterrupt at the input's end.
    """
    print(f"{question}\n> ", end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        _say("")
        raise KeyboardInterrupt
    return unicodedata.normalize("NFKC", line).replace("、", ",").strip().casefold()


def _numbers(typed: str) -> list[tuple[str, int]]:
    """Numbers with their signs, a sign being `+`, `-` or nothing; empty where something else was typed, too."""
    words = re.sub(r"([+-])\s+", r"\1", typed.replace(",", " ")).split()
    found = [_NUMBER.fullmatch(word) for word in words]
    return [(one[1], int(one[2])) for one in found if one] if all(found) else []


def _changed(parts: list[tuple[str, int]], chosen: tuple[int, ...], most: int) -> tuple[int, ...]:
    """The choice after what was typed; as it was, with a word about it, where that makes no sense."""
    if wrong := [number for _, number in parts if not 1 <= number <= most]:
        _say(f"There is no {wrong[0]}: the numbers go from 1 to {most}.")
        return chosen
    signs = {bool(sign) for sign, _ in parts}
    if len(signs) > 1:
        _say("Either all numbers of the choice, or with a sign what changes.")
        return chosen
    if signs == {False}:
        return tuple(dict.fromkeys(number for _, number in parts))
    for sign, number in parts:
        chosen = tuple(other for other in chosen if other != number) + ((number,) if sign == "+" else ())
    return chosen


def _show(candidates: Sequence[Candidate], numbers: Sequence[int], chosen: tuple[int, ...]) -> None:
    for number in numbers:
        candidate = candidates[number - 1]
        place = f"[{chosen.index(number) + 1}]" if number in chosen else ""
        _wrapped(f"{place:>5s} {number:3d}. ", one_line(readable(candidate.paper.title)))
        _wrapped(_INDENT, _signals(candidate))
        _wrapped(_INDENT, one_line(reasons(candidate)))
    hidden = len(candidates) - max(numbers, default=0)
    if hidden > 0:
        _say(f"{_INDENT}{hidden} more: m shows them")


def _signals(candidate: Candidate) -> str:
    paper = candidate.paper
    faced, cited = paper.listing_from("huggingface"), paper.listing_from("semanticscholar")
    parts = [candidate.source, paper.arxiv_id, paper.published.isoformat()]
    for count, word in ((faced and faced.votes, "vote"), (cited and cited.citations, "citation")):
        parts += [f"{count} {word}{'' if count == 1 else 's'}"] if count is not None else []
    return ", ".join(parts)


def _show_abstract(candidates: Sequence[Candidate], number: int) -> None:
    if not 1 <= number <= len(candidates):
        _say(f"There is no {number}: the numbers go from 1 to {len(candidates)}.")
        return
    paper = candidates[number - 1].paper
    _say("")
    _wrapped(f"      {number:3d}. ", one_line(readable(paper.title)))
    for part in (", ".join(paper.authors), arxiv_id.abs_url(paper.arxiv_id), paper.abstract):
        _wrapped(_INDENT, one_line(readable(part)))


def _show_choice(candidates: Sequence[Candidate], chosen: tuple[int, ...]) -> None:
    for place, number in enumerate(chosen, 1):
        _wrapped(f"{f'[{place}]':>5s} {number:3d}. ", one_line(readable(candidates[number - 1].paper.title)))


def _wrapped(first: str, text: str) -> None:
    _say(textwrap.fill(text, _columns(), initial_indent=first, subsequent_indent=_INDENT, break_on_hyphens=False))


def _columns() -> int:
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns  # stdout may be a pipe
    except OSError:
        columns = 0
    return max(40, (columns or 80) - 1)


def _say(text: str) -> None:
    print(visible(text), file=sys.stderr, flush=True)
