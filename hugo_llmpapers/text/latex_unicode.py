"""Converts LaTeX to Unicode without loss: what pylatexenc does not know is rewritten first."""

from __future__ import annotations

import re
import unicodedata

from hugo_llmpapers.text.latex_commands import OPERATORS, SILENT, converter

MAX_LENGTH = 2_000
"""Characters of a formula."""
_GROUP = r"\{(?:[^{}]|\{[^{}]*\})*\}"


def convert(latex: str, *, math: bool) -> str | None:
    """Return LaTeX as one line of text; None if it cannot be converted. `math`: whether it was between dollars.

    No file is read: `\\input` is converted to its argument.
    """
    if len(latex) > MAX_LENGTH:
        return None
    latex = _prepared(latex)
    bare = re.sub(r"\\[A-Za-z]+\*?(?=[\[{])", "", latex).replace("{", " {").strip()  # \href with one argument
    for guess in (latex, bare):
        # A single dollar as in \textbf{$5} is money.
        for variant in (f"\\({guess}\\)",) if math else (guess, re.sub(r"(?<!\\)\$", r"\\$", guess)):
            if (text := _converted(variant)) is not None:
                return text
    return None


def symbol(name: str) -> str | None:
    """Return the symbol of a command without arguments, τ for `tau`; None for other commands."""
    return converter().symbols.get(name)


def _converted(latex: str) -> str | None:
    try:
        text = converter().convert(latex)
    except Exception:  # noqa: BLE001  pylatexenc raises IndexError, RecursionError and its own errors
        return None
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def _prepared(latex: str) -> str:
    latex = re.sub(r"(?<!\\)%", r"\\%", latex)  # not a comment
    latex = re.sub(r"(\\[A-Za-z]+)(?=[^\W\d_a-zA-Z])", r"\1 ", latex)  # arXiv turns \hat\rho into \hatρ
    latex = re.sub(r"\\verb\*?(?![A-Za-z])", "", latex)
    latex = re.sub(r"\\wide(hat|tilde)(?![A-Za-z])", r"\\\1", latex)
    latex = re.sub(r"\\(?:left|right)\s*\.|\\(?:begin|end)\s*\{[^{}]*\}", " ", latex)
    latex = re.sub(rf"([\^_])\s*(\\[A-Za-z]+\s*{_GROUP})", r"\1{\2}", latex)  # x_\text{max}
    latex = re.sub(rf"(?<=[\w)}}])(?=\\(?:{'|'.join(OPERATORS)})(?![A-Za-z]))", " ", latex)  # n\log n
    if (first := re.match(r"\\([A-Za-z]+)", latex)) and first[1] not in converter().with_arguments:
        latex = latex.replace("}{", "} {")
    return re.sub(r"\\([A-Za-z]+)(\*?)(\s*)((?:\[[^\]]*\])?(?=\{))?", _command, latex)


def _command(match: re.Match[str]) -> str:
    """Reduce a command that pylatexenc does not know to its arguments, or to its name if it has none."""
    name, star, space, has_argument = match[1], match[2], match[3], match[4] is not None
    if name in converter().with_arguments:
        return match[0]
    if name in SILENT:
        return f"\\{name}{{}}{star}{match[4] or ''}"
    if name in converter().symbols:
        # LaTeX ignores the space after a command; readers need it in `a \to b` or `\log n`.
        before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() :]
        is_function = name in OPERATORS and (space or re.match(r"\\[A-Za-z]", after))
        blank = " " if is_function or (space and (before.isspace() or after.startswith("\\"))) else ""
        return f"\\{name}{{}}{star}{blank}{match[4] or ''}"
    return "" if has_argument else f"\\textbackslash{{}}{name}{star}{space}"
