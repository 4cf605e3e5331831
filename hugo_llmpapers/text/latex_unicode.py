"""Converts LaTeX to Unicode without loss, with pylatexenc's parser and tables, and our tables, which come first.

pylatexenc writes x^2 for a square and <cit.> for every reference, and drops the text of some commands. Our tables write x²
if Unicode has all the characters, and keep the key of a reference and the address of a link. Commands that neither knows are
rewritten first. This module is slow to import.
https://pylatexenc.readthedocs.io/en/latest/latex2text/
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from pylatexenc import latex2text, latexwalker, macrospec

logging.getLogger("pylatexenc").setLevel(logging.CRITICAL + 1)  # it logs errors in the LaTeX to stderr

_SUPERSCRIPT = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ*∗'′†‡∘°⊤",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ**′′†‡°°ᵀ",
)
_SUBSCRIPT = str.maketrans("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")

_OPERATORS = (
    "arccos arcsin arctan arg argmax argmin cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log "
    "max min mod Pr sec sin sinh sup tan tanh"
).split()
_SILENT = (
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle scriptstyle limits "
    "nolimits mathstrut rm bf it em sc sf tt cal sl itshape bfseries scshape sffamily ttfamily rmfamily slshape upshape "
    "mdseries normalfont xspace centering noindent"
).split()
"""Commands that change only the appearance."""
_WORDS = "emph textbf textit texttt textsc textsf textrm textmd textup textsl textnormal text mbox hbox fbox".split()
_LETTERS = (
    "mathrm mathbf mathit mathsf mathtt mathnormal boldsymbol bm pmb operatorname mathop mathrel mathbin mathord underline uline "
    "overline title author date section subsection subsubsection chapter paragraph input include"
).split()
"""Commands that are replaced by their argument. Those in _WORDS have text as argument, even within a formula."""
_REFERENCES = (
    "cite citep citet citealp citealt citeauthor citeyear parencite textcite autocite ref autoref cref Cref eqref"
).split()
_FRACTIONS = "frac dfrac tfrac nicefrac sfrac".split()
_ALPHABETS = {"mathbb": "doublestruck", "mathcal": "script", "mathscr": "script", "mathfrak": "fraktur"}
_SIGNS = {
    "\\": " ", "quad": " ", "qquad": " ", "enspace": " ", "thinspace": " ", "!": "", "/": "", "-": "", "|": "‖", "ast": "*",
    "lt": "<", "gt": ">", "colon": ":", "cdots": "…", "coloneqq": "≔", "implies": "⟹", "impliedby": "⟸", "iff": "⟺",
    "prime": "′", "Box": "□", "Diamond": "◇", "checkmark": "✓", "bmod": "mod", "LaTeX": "LaTeX", "TeX": "TeX",
}  # fmt: skip
_GROUP = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_BARE = re.compile(r"√?[\w\u0300-\u036f⁰-ₜ∞.′°]+|√?\([^()]*\)|\|[^|]*\|")
"""Numerators and denominators that need no parentheses."""


def _script(sign: str, table: dict[int, int]) -> Callable[..., str]:
    """Write superscripts or subscripts if Unicode has all the characters, else x^(n+α); in text the sign itself."""

    def write(n: Any, l2tobj: Any) -> str:
        text = _last(n, l2tobj)
        if not n.parsing_state.in_math_mode:
            return sign + text
        text = text.strip()
        if all(ord(c) in table for c in text):
            return text.translate(table)
        return f"{sign}{text}" if re.fullmatch(r".|[\w.]+|\([^()]*\)", text) else f"{sign}({text})"

    return write


def _fraction(n: Any, l2tobj: Any) -> str:
    parts = (_argument(n, l2tobj, k).strip() for k in (0, 1))
    return "/".join(part if _BARE.fullmatch(part) else f"({part})" for part in parts)


def _root(n: Any, l2tobj: Any) -> str:
    degree, text = _argument(n, l2tobj, 0), _last(n, l2tobj).strip()
    return degree.translate(_SUPERSCRIPT) + "√" + (text if re.fullmatch(r"\w|[\d.]+", text) else f"({text})")


def _alphabet(style: str) -> Callable[..., str]:
    """Write ℝ and ℒ; letters outside the Basic Multilingual Plane stay plain, as few fonts have them."""

    def write(n: Any, l2tobj: Any) -> str:
        pairs = ((c, latex2text.fmt_math_text_style(c, style)) for c in _last(n, l2tobj))
        return "".join(styled if ord(styled) < 0x10000 else plain for plain, styled in pairs)

    return write


def _address(n: Any) -> str:
    latex = str(n.nodeargd.argnlist[0].latex_verbatim())
    return re.sub(r"\\([%#&_~])", r"\1", latex.removeprefix("{").removesuffix("}"))


def _link(n: Any, l2tobj: Any) -> str:
    target, text = _address(n), _last(n, l2tobj)
    return f"{text} ({target})" if target.startswith("http") and target not in text else text


def _character(n: Any) -> str:
    code = _address(n)
    found = re.fullmatch(r"x([0-9a-fA-F]{2,5})|(\d{2,6})", code)
    character = chr(int(found[1], 16) if found[1] else int(found[2])) if found else ""
    return character if character.isprintable() and character else code


def _last(n: Any, l2tobj: Any) -> str:
    return _argument(n, l2tobj, -1)


def _argument(n: Any, l2tobj: Any, k: int) -> str:
    node = n.nodeargd.argnlist[k]
    return "" if node is None else str(l2tobj.nodelist_to_text([node]))


_ROWS: tuple[tuple[Iterable[str], Any, Any], ...] = (
    *(((name,), None, text) for name, text in _SIGNS.items()),
    *(((name,), None, name) for name in _OPERATORS),
    ((*_SILENT, "maketitle"), None, ""),
    (("today",), None, "\\today"),
    (_WORDS, macrospec.MacroStandardArgsParser("{", args_math_mode=[False]), _last),
    (("ensuremath",), macrospec.MacroStandardArgsParser("{", args_math_mode=[True]), _last),
    (_LETTERS, "{", _last),
    (("includegraphics",), "[{", _last),
    (("textcolor",), "[{{", _last),
    (("texorpdfstring",), "{{", _last),
    (_REFERENCES, "[[{", lambda n, l2tobj: f"[{_last(n, l2tobj)}]"),
    (_FRACTIONS, "{{", _fraction),
    (("binom",), "{{", lambda n, l2tobj: f"({_argument(n, l2tobj, 0)} choose {_last(n, l2tobj)})"),
    (("pmod",), "{", lambda n, l2tobj: f"(mod {_last(n, l2tobj)})"),
    (("sqrt",), "[{", _root),
    (("footnote",), "[{", lambda n, l2tobj: f" ({_last(n, l2tobj)})"),
    (("url", "path"), "{", _address),
    (("href",), "{{", _link),
    (("unicode",), "{", _character),
    (("color",), "[{", ""),
    (("label",), "{", ""),
    *(((name,), "{", _alphabet(style)) for name, style in _ALPHABETS.items()),
)
"""Commands with their arguments and their text, or a function that makes the text from the arguments.

Arguments are in pylatexenc's notation: `[` is optional, `{` is required. None leaves them to pylatexenc.
"""
_COMMANDS = tuple((name, arguments, text) for names, arguments, text in _ROWS for name in names)
_SPECIALS = {"^": _script("^", _SUPERSCRIPT), "_": _script("_", _SUBSCRIPT), "~": " "}
_ARGUMENT_OF_SCRIPT = macrospec.MacroStandardArgsParser("{")

_parser = latexwalker.get_default_latex_context_db().filter_context(keep_which=["macros", "environments"])
_parser.add_context_category(
    "ours",
    prepend=True,
    macros=[macrospec.MacroSpec(name, arguments) for name, arguments, _ in _COMMANDS if arguments is not None],
    specials=[macrospec.SpecialsSpec(sign, None if sign == "~" else _ARGUMENT_OF_SCRIPT) for sign in _SPECIALS],
)
_texts = latex2text.get_default_latex_context_db()
_symbols = {
    spec.macroname: spec.simplify_repl for spec in _texts.iter_macro_specs() if spec.simplify_repl or not spec.discard
} | {name: text for name, _, text in _COMMANDS}
_texts.add_context_category(
    "ours",
    prepend=True,
    macros=[latex2text.MacroTextSpec(name, text) for name, _, text in _COMMANDS],
    specials=[latex2text.SpecialsTextSpec(sign, text) for sign, text in _SPECIALS.items()],
)
_writer = latex2text.LatexNodes2Text(
    latex_context=_texts, keep_comments=True, strict_latex_spaces={"between-latex-constructs": True}
)

# pylatexenc drops the arguments of all other commands.
_WITH_ARGUMENTS: set[str] = _symbols.keys() & {
    spec.macroname for spec in _parser.iter_macro_specs() if spec.args_parser and spec.args_parser.argspec
}
"""Names of commands with arguments."""
_NO_SYMBOLS = _WITH_ARGUMENTS | {*_SILENT, "today", "maketitle"}
SYMBOLS: dict[str, str] = {
    name: text for name, text in _symbols.items() if isinstance(text, str) and text and name not in _NO_SYMBOLS
}
"""Text by name of commands without arguments."""


def convert(latex: str, *, math: bool) -> str | None:
    """Return LaTeX as one line of text; None if it cannot be converted. `math`: whether it was between dollars.

    No file is read: `\\input` is converted to its argument.
    """
    latex = _prepared(latex)
    bare = re.sub(r"\\[A-Za-z]+\*?(?=[\[{])", "", latex).replace("{", " {").strip()  # \href with one argument
    for guess in (latex, bare):
        # A single dollar as in \textbf{$5} is money.
        for variant in (f"\\({guess}\\)",) if math else (guess, re.sub(r"(?<!\\)\$", r"\\$", guess)):
            if (text := _converted(variant)) is not None:
                return text
    return None


def _converted(latex: str) -> str | None:
    try:
        walker = latexwalker.LatexWalker(latex, latex_context=_parser, tolerant_parsing=False)
        text = str(_writer.nodelist_to_text(walker.get_latex_nodes()[0]))
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
    latex = re.sub(rf"(?<=[\w)}}])(?=\\(?:{'|'.join(_OPERATORS)})(?![A-Za-z]))", " ", latex)  # n\log n
    if (first := re.match(r"\\([A-Za-z]+)", latex)) and first[1] not in _WITH_ARGUMENTS:
        latex = latex.replace("}{", "} {")
    return re.sub(r"\\([A-Za-z]+)(\*?)(\s*)((?:\[[^\]]*\])?(?=\{))?", _command, latex)


def _command(match: re.Match[str]) -> str:
    """Reduce a command that pylatexenc does not know to its arguments, or to its name if it has none."""
    name, star, space, has_argument = match[1], match[2], match[3], match[4] is not None
    if name in _WITH_ARGUMENTS:
        return match[0]
    if name in _SILENT:
        return f"\\{name}{{}}{star}{match[4] or ''}"
    if name in SYMBOLS:
        # LaTeX ignores the space after a command; readers need it in `a \to b` or `\log n`.
        before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() :]
        is_function = name in _OPERATORS and (space or re.match(r"\\[A-Za-z]", after))
        blank = " " if is_function or (space and (before.isspace() or after.startswith("\\"))) else ""
        return f"\\{name}{{}}{star}{blank}{match[4] or ''}"
    return "" if has_argument else f"\\textbackslash{{}}{name}{star}{space}"
