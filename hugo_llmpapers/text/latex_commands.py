"""Plain text for LaTeX commands: pylatexenc's parser and tables, and our tables, which come first.

pylatexenc writes x^2 for a square and <cit.> for every reference, and drops the text of some commands. Our tables write x²
if Unicode has all the characters, and keep the key of a reference and the address of a link.
https://pylatexenc.readthedocs.io/en/latest/latex2text/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

_SUPERSCRIPT = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ*∗'′†‡∘°⊤",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ**′′†‡°°ᵀ",
)
_SUBSCRIPT = str.maketrans("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


OPERATORS = _names(
    "arccos arcsin arctan arg argmax argmin cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log "
    "max min mod Pr sec sin sinh sup tan tanh"
)
SILENT = _names(
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle scriptstyle limits "
    "nolimits mathstrut rm bf it em sc sf tt cal sl itshape bfseries scshape sffamily ttfamily rmfamily slshape upshape "
    "mdseries normalfont xspace centering noindent"
)
"""Commands that change only the appearance."""
_WORDS = _names("emph textbf textit texttt textsc textsf textrm textmd textup textsl textnormal text mbox hbox fbox")
_LETTERS = _names(
    "mathrm mathbf mathit mathsf mathtt mathnormal boldsymbol bm pmb operatorname mathop mathrel mathbin mathord underline uline "
    "overline title author date section subsection subsubsection chapter paragraph input include"
)
"""Commands that are replaced by their argument. Those in _WORDS have text as argument, even within a formula."""
_REFERENCES = _names(
    "cite citep citet citealp citealt citeauthor citeyear parencite textcite autocite ref autoref cref Cref eqref"
)
_FRACTIONS = _names("frac dfrac tfrac nicefrac sfrac")
_ALPHABETS = {"mathbb": "doublestruck", "mathcal": "script", "mathscr": "script", "mathfrak": "fraktur"}
_SIGNS = {
    "\\": " ", "quad": " ", "qquad": " ", "enspace": " ", "thinspace": " ", "!": "", "/": "", "-": "", "|": "‖", "ast": "*",
    "lt": "<", "gt": ">", "colon": ":", "cdots": "…", "coloneqq": "≔", "implies": "⟹", "impliedby": "⟸", "iff": "⟺",
    "prime": "′", "Box": "□", "Diamond": "◇", "checkmark": "✓", "bmod": "mod", "LaTeX": "LaTeX", "TeX": "TeX",
}  # fmt: skip
_BARE = re.compile(r"√?[\w\u0300-\u036f⁰-ₜ∞.′°]+|√?\([^()]*\)|\|[^|]*\|")
"""Numerators and denominators that need no parentheses."""


@dataclass(frozen=True, slots=True)
class Converter:
    """pylatexenc with our tables. Creating it takes longer than using it."""

    convert: Callable[[str], str]
    """Converts LaTeX to text. Raises any exception."""
    with_arguments: frozenset[str]
    """Names of commands with arguments."""
    symbols: dict[str, str]
    """Text by name of commands without arguments."""


@cache
def converter() -> Converter:
    """Import pylatexenc only now, as most runs have no LaTeX."""
    import logging

    from pylatexenc import latex2text, latexwalker, macrospec

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL + 1)  # it logs errors in the LaTeX to stderr
    commands = tuple(_commands(macrospec.MacroStandardArgsParser))
    texts = {name: text for name, _, text in commands}
    symbols = {
        spec.macroname: spec.simplify_repl
        for spec in latex2text.get_default_latex_context_db().iter_macro_specs()
        if spec.simplify_repl or not spec.discard
    } | texts
    context = _parser_context(commands)
    writer = latex2text.LatexNodes2Text(
        latex_context=_writer_context(texts),
        keep_comments=True,
        strict_latex_spaces={"between-latex-constructs": True},
    )

    def convert(latex: str) -> str:
        walker = latexwalker.LatexWalker(latex, latex_context=context, tolerant_parsing=False)
        return str(writer.nodelist_to_text(walker.get_latex_nodes()[0]))

    # pylatexenc drops the arguments of all other commands.
    parsed = (spec for spec in context.iter_macro_specs() if spec.args_parser and spec.args_parser.argspec)
    with_arguments = frozenset(spec.macroname for spec in parsed) & symbols.keys()
    no_symbols = with_arguments | {*SILENT, "today", "maketitle"}
    return Converter(
        convert,
        frozenset(with_arguments),
        {name: text for name, text in symbols.items() if isinstance(text, str) and text and name not in no_symbols},
    )


def _parser_context(commands: Iterable[tuple[str, Any, Any]]) -> Any:
    from pylatexenc import latexwalker, macrospec

    one = macrospec.MacroStandardArgsParser("{")
    context = latexwalker.get_default_latex_context_db().filter_context(keep_which=["macros", "environments"])
    context.add_context_category(
        "ours",
        prepend=True,
        macros=[macrospec.MacroSpec(name, arguments) for name, arguments, _ in commands if arguments is not None],
        specials=[macrospec.SpecialsSpec("^", one), macrospec.SpecialsSpec("_", one), macrospec.SpecialsSpec("~")],
    )
    return context


def _writer_context(texts: Mapping[str, Any]) -> Any:
    from pylatexenc import latex2text

    context = latex2text.get_default_latex_context_db()
    specials = {"^": _script("^", _SUPERSCRIPT), "_": _script("_", _SUBSCRIPT), "~": " "}
    context.add_context_category(
        "ours",
        prepend=True,
        macros=[latex2text.MacroTextSpec(name, text) for name, text in texts.items()],
        specials=[latex2text.SpecialsTextSpec(sign, text) for sign, text in specials.items()],
    )
    return context


def _commands(parser: Callable[..., Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield each command with its arguments and its text, or a function that makes the text from the arguments.

    Arguments are in pylatexenc's notation: `[` is optional, `{` is required. None leaves them to pylatexenc.
    """
    rows: tuple[tuple[Iterable[str], Any, Any], ...] = (
        *(((name,), None, text) for name, text in _SIGNS.items()),
        *(((name,), None, name) for name in OPERATORS),
        ((*SILENT, "maketitle"), None, ""),
        (("today",), None, "\\today"),
        (_WORDS, parser("{", args_math_mode=[False]), _last),
        (("ensuremath",), parser("{", args_math_mode=[True]), _last),
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
    for names, arguments, text in rows:
        yield from ((name, arguments, text) for name in names)


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
    from pylatexenc.latex2text import fmt_math_text_style

    def write(n: Any, l2tobj: Any) -> str:
        pairs = ((c, fmt_math_text_style(c, style)) for c in _last(n, l2tobj))
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
