"""Checks whether a formula from a paper may be passed to KaTeX or MathJax.

Both have commands that link, load, define and loop (\\href, \\includegraphics, \\require, \\def, \\style, \\htmlData …), and an
invalid formula breaks the build or is shown in red. So this module has an allowlist of commands, characters and their order
that both support. https://katex.org/docs/supported
"""

from __future__ import annotations

import re
from collections.abc import Set

_MAX_LENGTH = 300
_MAX_DEPTH = 12
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|\s+|.", re.DOTALL)
_CHARACTER = re.compile(
    r"[A-Za-z0-9+\-*/=()|.,:;!?\[\]<>]|[αβγδεζηθικλμνξπρστυφχψωϑϕϱςϖΓΔΘΛΞΠΣΥΦΨΩ]|[×÷±∓≤≥≈∼∈∞∇∂→←↔⇒·∀∃∪∩⊂⊆ℝℕℤℓ]"
)

_COMMAND_OR_BLANK = re.compile(r"\\(?:[A-Za-z]+|.)|[\s{}^_$]", re.DOTALL)
_PRINTED = {**{sign: sign for sign in "_%{}&#$"}, "lt": "<", "gt": ">"}
"""Commands that print a character which `printed_text` needs: `<b>` may become a tag."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LETTERS = _names(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho sigma "
    "varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
    "ell infty prime circ ast star dagger ddagger top bot perp pm times"
)
"""Allowed as an index or exponent without braces."""
_SYMBOLS = (
    _LETTERS
    | _names(
        "cdot div mp bullet oplus otimes odot cup cap setminus wedge vee le leq ge geq lt gt ne neq ll gg approx sim simeq cong "
        "equiv propto in notin ni subset subseteq supset supseteq mid parallel prec succ lesssim gtrsim leqslant geqslant "
        "models vdash to rightarrow leftarrow leftrightarrow Rightarrow Leftarrow Leftrightarrow mapsto longrightarrow uparrow "
        "downarrow implies iff forall exists neg land lor partial nabla emptyset varnothing hbar Re Im aleph angle sum prod int "
        "oint bigcup bigcap bigoplus dots ldots cdots vdots ddots Box Diamond triangle langle rangle lfloor rfloor lceil rceil "
        "lvert rvert lVert rVert vert Vert colon quad qquad arccos arcsin arctan arg cos cosh cot deg det dim exp gcd hom inf "
        "ker lim liminf limsup ln log max min Pr sec sin sinh sup tan tanh displaystyle textstyle"
    )
    | frozenset(",:;!{}%|_ ")
)
_STYLES = _names(
    "mathrm mathbf mathit mathsf mathtt mathbb mathcal mathscr mathfrak boldsymbol operatorname hat bar tilde vec dot ddot check "
    "breve acute grave widehat widetilde overline underline sqrt"
)
"""Commands with one group."""
_TEXTS = _names("text textbf textit textrm textsf texttt")
"""Commands with one group of text, not mathematics."""
_FRACTIONS = _names("frac dfrac tfrac binom")
_FENCES = _names(r"( ) [ ] | . / \{ \} \| \langle \rangle \lfloor \rfloor \lceil \rceil \lvert \rvert")
_TEXT_CHARACTER = re.compile(r"[A-Za-z0-9 .,:;()+\-/]")


def is_safe(body: str) -> bool:
    """Return whether the text between delimiters only draws a formula."""
    if not body.strip() or len(body) > _MAX_LENGTH:
        return False
    try:
        _Parser(_TOKEN.findall(body)).expression("", 0)
    except ValueError:
        return False
    return True


def printed_text(latex: str) -> str:
    """Return the text of a formula's MathML without tags: letters, digits and signs, but no commands and white space."""
    return _COMMAND_OR_BLANK.sub(lambda part: _PRINTED.get(part[0][1:], ""), latex)


class _Parser:
    """Reads a formula. All methods raise ValueError if it is not in the grammar."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def expression(self, end: str, depth: int) -> None:
        """Read up to and including the token `end`; up to the end of the formula if it is empty."""
        if depth > _MAX_DEPTH:
            raise ValueError
        while self._next() != end:
            if self._next() in ("", "\\right"):
                raise ValueError
            if self._next() not in ("^", "_"):
                self._atom(depth)
            self._scripts(depth)
        self._at += 1

    def _next(self) -> str:
        """Return the next token without reading it; empty at the end of the formula."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _scripts(self, depth: int) -> None:
        """Read at most one superscript, or primes, and one subscript."""
        seen = set()
        while (token := self._next()) in ("^", "_", "'"):
            sign = "^" if token == "'" else token
            if sign in seen:
                raise ValueError
            seen.add(sign)
            self._at += 1
            if token != "'":
                self._argument(depth)
            while token == "'" and self._next() == "'":
                self._at += 1
            self._skip_space()

    def _argument(self, depth: int) -> None:
        """Read a group, or a single character or symbol."""
        self._skip_space()
        token = self._next()
        self._at += 1
        if token == "{":
            self.expression("}", depth + 1)
        elif not _CHARACTER.fullmatch(token) and not (token[:1] == "\\" and token[1:] in _LETTERS):
            raise ValueError

    def _atom(self, depth: int) -> None:
        token = self._next()
        if token == "{":
            return self._argument(depth)
        name = token[1:] if token[0] == "\\" else ""
        self._at += 1
        if token.isspace() or _CHARACTER.fullmatch(token) or name in _SYMBOLS:
            return None
        if name == "left":
            self._expect(_FENCES)
            self.expression("\\right", depth + 1)
            self._expect(_FENCES)
        elif name in _TEXTS:
            self._text()
        elif name in _STYLES or name in _FRACTIONS:
            if name == "sqrt" and self._next() == "[":
                self._at += 1
                self.expression("]", depth + 1)
            for _ in range(2 if name in _FRACTIONS else 1):
                self._argument(depth)
        else:
            raise ValueError
        return None

    def _text(self) -> None:
        self._expect({"{"})
        while self._next() and all(map(_TEXT_CHARACTER.fullmatch, self._next())):
            self._at += 1
        self._expect({"}"})

    def _expect(self, tokens: Set[str]) -> None:
        if self._next() not in tokens:
            raise ValueError
        self._at += 1

    def _skip_space(self) -> None:
        while self._next().isspace():
            self._at += 1
