"""Finds LaTeX in titles and abstracts and converts it to Unicode.

Only what is certainly LaTeX is converted: mathematics between delimiters, commands with arguments, symbols, accents,
superscripts. Prose stays unchanged: `$5 and $10`, `snake_case`, `100%`, `C:\\path`, `a~b`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

_MAX_LENGTH = 2_000
"""Characters of a formula."""
_LATEX_CHARACTER = re.compile(r"[\\$^]|_\{")
_CANDIDATE = re.compile(
    r"\$\$?|\{(?=\s*\\)|\\(?:[A-Za-z]+|.)"
    r"|(?<=[\w)\]}′])\^"  # x^2, but not [^1]
    r"|(?:(?<![A-Za-z])(?<=[^\W_])|(?<=\W[^\W\d_])|(?<=^[^\W\d_])|(?<=\)))_(?=\{)",  # C_{50}, but not file_{name}
    re.DOTALL,
)
_STYLED_GROUP = re.compile(
    r"\{\s*\\(?:(?:em|it|bf|sc|sf|tt|rm|sl|itshape|bfseries|scshape|sffamily|ttfamily|rmfamily|slshape|upshape|mdseries"
    r"|o|O|l|L|i|j|aa|AA|ae|AE|oe|OE|ss)(?![A-Za-z])|['`\"^~=.])"
)
_ACCENT = re.compile(
    r"(?<=[A-Za-z])\\(?:['`\"^=]\\?[aeiouy]|['^][cgnrsz]|~[ano])"  # caf\'e, but not L\'Oreal nor \"A quote\"
    r"|\\(?:['`\"^=.]\{\\?[A-Za-z]\}|~\{[anoANO]\})"
)
_ESCAPED = frozenset("%&_#${}")
_OPTION = re.compile(r"\[[^\[\]{}]{0,80}\](?=[\[{])")
_MATH_CHARACTER = re.compile(r"[\\^_<>=≤≥∼≈×±∞→α-ωΑ-Ω]")
_WORDS = re.compile(r"[A-Za-z]{2,}[\s,;]+[A-Za-z]{2,}")
_SCRIPT = re.compile(r"-?\d+|[A-Za-z](?![\w^])|[*+](?![\w*+^])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text."""

    text: str
    latex: str | None = None
    """The LaTeX in it; None if the piece is prose."""
    math: bool = False
    """Whether the LaTeX is mathematics."""
    formula: bool = False
    """Whether the piece is a formula with delimiters."""


def readable(text: str) -> str:
    """Return the text with its LaTeX in Unicode: τ²-bench for `$\\tau^2$-bench`, x for `\\textbf{x}`.

    Prose and LaTeX that cannot be converted stay unchanged. No word of the text is lost.
    """
    return "".join(map(to_text, pieces(text)))


def to_text(piece: Piece) -> str:
    """Return the piece in Unicode."""
    if piece.latex is None:
        return piece.text
    from hugo_llmpapers.text.latex_unicode import convert  # slow to import, and most texts have no LaTeX

    text = convert(piece.latex, math=piece.math)
    if text is None or (not text.strip() and any(c.isalnum() for c in piece.latex)):
        return piece.text
    return text.strip() if piece.math else text


def pieces(text: str) -> list[Piece]:
    """Split the text into prose and LaTeX. Joined, the pieces are the text."""
    return list(_pieces(text)) if _LATEX_CHARACTER.search(text) else [Piece(text)]


def _pieces(text: str) -> Iterator[Piece]:
    closes, plain, at = _groups(text), 0, 0
    while (found := _CANDIDATE.search(text, at)) is not None:
        at = found.end()
        piece = _piece(text, found, closes)
        if piece is not None and len(piece.text) <= _MAX_LENGTH:
            if plain < found.start():
                yield Piece(text[plain : found.start()])
            yield piece
            plain = at = found.start() + len(piece.text)
    if plain < len(text):
        yield Piece(text[plain:])


def _groups(text: str) -> dict[int, int]:
    """Return, for each opening brace that has a closing one, the index after the closing one."""
    closes, opened = {}, []
    for brace in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if brace[0] == "{":
            opened.append(brace.start())
        elif brace[0] == "}" and opened:
            closes[opened.pop()] = brace.end()
    return closes


def _piece(text: str, found: re.Match[str], closes: dict[int, int]) -> Piece | None:
    """Return the LaTeX that begins here; None if it is prose."""
    sign, start, end = found[0], found.start(), found.end()
    if sign[0] == "$" or sign in ("\\(", "\\["):
        return _formula(text, sign, start)
    if sign in ("^", "_"):
        return _script(text, start, closes)
    if sign == "{":
        end = closes.get(start, 0) if _STYLED_GROUP.match(text, start) else 0
    elif sign[1:].isalpha():
        return _command(text, start, end, closes)
    elif accent := _ACCENT.match(text, start):
        end = accent.end()
    elif sign[1:] not in _ESCAPED and not (sign in ("\\,", "\\ ") and _is_space(text, start, end)):
        end = 0
    return Piece(text[start:end], text[start:end]) if end else None


def _formula(text: str, sign: str, start: int) -> Piece | None:
    close = {"\\(": "\\)", "\\[": "\\]"}.get(sign, sign)
    begin = start + len(sign)
    stop = begin
    while (stop := text.find(close, stop, begin + _MAX_LENGTH)) != -1 and sign[0] == "$" and text[stop - 1] == "\\":
        stop += 1
    if stop == -1:
        return None
    body = text[begin:stop]
    end = stop + len(close)
    if not body.strip() or not _is_balanced(body) or (sign != "\\(" and not _is_mathematics(body, text[end : end + 1])):
        return None
    if sign == "\\[" and not _MATH_CHARACTER.search(body):
        return None  # Markdown's escape of [1]
    return Piece(text[start:end], body, math=True, formula=True)


def _is_mathematics(body: str, after: str) -> bool:
    """Return False for money and shell variables. Pandoc's rule is too strict for arXiv: https://pandoc.org/MANUAL.html#math"""
    marked = _MATH_CHARACTER.search(body) is not None
    if body[0].isspace() or body[-1].isspace():
        return body[0].isspace() and body[-1].isspace() and re.search(r"[\\^_]", body) is not None
    if body[0].isdigit() and after.isdigit():
        return re.search(r"\^|\\[A-Za-z]", body) is not None
    if (after == "{" and body[0] == "{") or "$" in body.replace("\\$", ""):
        return False
    return marked or not (_WORDS.search(body) or (after.isalpha() and re.search(r"[A-Za-z]{2}", body)))


def _is_balanced(body: str) -> bool:
    braces = re.sub(r"\\.|[^{}]", "", body, flags=re.DOTALL)
    depths = [0, *accumulate(1 if brace == "{" else -1 for brace in braces)]
    return min(depths) == depths[-1] == 0 and not re.search(r"(?<!\\)(?:\\\\)*\\$", body)


def _script(text: str, start: int, closes: dict[int, int]) -> Piece | None:
    """Return a superscript or subscript without dollars around it, as in texts of Hugging Face."""
    end = closes.get(start + 1, 0)
    if not end:
        found = _SCRIPT.match(text, start + 1)
        if found is None or text[start] == "_":
            return None
        return Piece(text[start] + found[0], f"^{{{found[0]}}}", math=True)
    return Piece(text[start:end], text[start:end], math=True)


def _command(text: str, start: int, end: int, closes: dict[int, int]) -> Piece | None:
    """Return a command with its arguments, or one that stands for a symbol; None for other names, as in C:\\path."""
    name = text[start + 1 : end]
    if text[end : end + 1] == "*":
        end += 1
    at = end
    while option := _OPTION.match(text, at):
        at = option.end()
    while at in closes:
        end = at = closes[at]
    if text[end - 1] == "}":
        return Piece(text[start:end], text[start:end])
    before = text[start - 1 : start]
    if len(name) > 1 and not (before.isalpha() or before in (":", "\\", "/")) and _is_symbol(name):
        return Piece(text[start : start + 1 + len(name)], text[start : start + 1 + len(name)], math=True)
    return None


def _is_symbol(name: str) -> bool:
    from hugo_llmpapers.text.latex_unicode import SYMBOLS

    return name in SYMBOLS


def _is_space(text: str, start: int, end: int) -> bool:
    """Return whether `\\,` or `\\ ` is a space of LaTeX, and not the end of a path or of a quoted list."""
    return (
        re.match(r"[\w.)}~]", text[start - 1 : start]) is not None and re.match(r"\S", text[end : end + 1]) is not None
    )
