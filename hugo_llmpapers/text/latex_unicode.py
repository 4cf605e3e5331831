"""A fragment of LaTeX as Unicode text, in which nothing is lost: what pylatexenc does not know is said otherwise first."""

from __future__ import annotations

import re
import unicodedata

from hugo_llmpapers.text.latex_commands import OPERATORS, SILENT, machine

LONGEST = 2_000
"""Characters; what is longer is nobody's formula."""
_GROUP = r"\{(?:[^{}]|\{[^{}]*\})*\}"


def text_of(fragment: str, *, math: bool) -> str | None:
    """The fragment as text in one line; None where it cannot be read. `math`: it is what stood between dollars.

    Nothing is looked up anywhere: of an `\\input` its argument is shown.
    """
    if len(fragment) > LONGEST:
        return None
    latex = _prepared(fragment)
    bare = re.sub(r"\\[A-Za-z]+\*?(?=[\[{])", "", latex).replace("{", " {").strip()  # \href{with one argument}
    for guess in (latex, bare):
        # A dollar within \textbf{$5} is money if it has no partner.
        for variant in (f"\\({guess}\\)",) if math else (guess, re.sub(r"(?<!\\)\$", r"\\$", guess)):
            if (text := _converted(variant)) is not None:
                return text
    return None


def symbol(name: str) -> str | None:
    """What a command without arguments stands for, τ for `tau`; None for all others."""
    return machine().symbols.get(name)


def _converted(latex: str) -> str | None:
    try:
        text = machine().convert(latex)
    except Exception:  # noqa: BLE001  a parser for honest text: IndexError, RecursionError and kinds of its own
        return None
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def _prepared(fragment: str) -> str:
    latex = re.sub(r"(?<!\\)%", r"\\%", fragment)  # else a comment
    latex = re.sub(r"(\\[A-Za-z]+)(?=[^\W\d_a-zA-Z])", r"\1 ", latex)  # arXiv makes \hatρ of \hat\rho
    latex = re.sub(r"\\verb\*?(?![A-Za-z])", "", latex)
    latex = re.sub(r"\\wide(hat|tilde)(?![A-Za-z])", r"\\\1", latex)
    latex = re.sub(r"\\(?:left|right)\s*\.|\\(?:begin|end)\s*\{[^{}]*\}", " ", latex)
    latex = re.sub(rf"([\^_])\s*(\\[A-Za-z]+\s*{_GROUP})", r"\1{\2}", latex)  # x_\text{max}
    latex = re.sub(rf"(?<=[\w)}}])(?=\\(?:{'|'.join(OPERATORS)})(?![A-Za-z]))", " ", latex)  # n\log n
    if (first := re.match(r"\\([A-Za-z]+)", latex)) and first[1] not in machine().with_arguments:
        latex = latex.replace("}{", "} {")
    return re.sub(r"\\([A-Za-z]+)(\*?)(\s*)((?:\[[^\]]*\])?(?=\{))?", _command, latex)


def _command(match: re.Match[str]) -> str:
    """Of a command that pylatexenc does not know, only its arguments, or its name if it has none."""
    name, star, space, has_argument = match[1], match[2], match[3], match[4] is not None
    if name in machine().with_arguments:
        return match[0]
    if name in SILENT:
        return f"\\{name}{{}}{star}{match[4] or ''}"
    if name in machine().symbols:
        # In LaTeX the blank after a command means nothing; to a reader of `a \to b` or `\log n` it does.
        before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() :]
        called = name in OPERATORS and (space or re.match(r"\\[A-Za-z]", after))
        blank = " " if called or (space and (before.isspace() or after.startswith("\\"))) else ""
        return f"\\{name}{{}}{star}{blank}{match[4] or ''}"
    return "" if has_argument else f"\\textbackslash{{}}{name}{star}{space}"
