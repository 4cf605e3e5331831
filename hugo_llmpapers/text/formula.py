"""Whether a stranger's formula may be handed to KaTeX or MathJax: a grammar of what it may consist of.

Both can be made to link, to load, to define and to loop (\\href, \\includegraphics, \\require, \\def, \\style, \\htmlData …), and
what they cannot read can break a build or turn red. So nothing is forbidden by name: commands, characters and their order
are those listed here, which both know. https://katex.org/docs/supported
"""

from __future__ import annotations

import re

_LONGEST = 300
_DEEPEST = 12
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|\s+|.", re.DOTALL)
_CHARACTER = re.compile(
    r"[A-Za-z0-9+\-*/=()|.,:;!?\[\]<>]|[αβγδεζηθικλμνξπρστυφχψωϑϕϱςϖΓΔΘΛΞΠΣΥΦΨΩ]|[×÷±∓≤≥≈∼∈∞∇∂→←↔⇒·∀∃∪∩⊂⊆ℝℕℤℓ]"
)

_UNPRINTED = re.compile(r"\\(?:[A-Za-z]+|.)|[\s{}^_$]", re.DOTALL)
_PRINTED = {**{sign: sign for sign in "_%{}&#$"}, "lt": "<", "gt": ">"}
"""What a formula prints for these names after a backslash, as far as `printed` is about it: `<b>` may become a tag."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LETTERS = _names(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho sigma "
    "varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
    "ell infty prime circ ast star dagger ddagger top bot perp pm times"
)
"""They may be an index or an exponent without braces."""
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
"""They take one group."""
_WORDS = _names("text textbf textit textrm textsf texttt")
"""They take one group of words, read otherwise than mathematics."""
_FRACTIONS = _names("frac dfrac tfrac binom")
_FENCES = _names(r"( ) [ ] | . / \{ \} \| \langle \rangle \lfloor \rfloor \lceil \rceil \lvert \rvert")
_WORD = re.compile(r"[A-Za-z0-9 .,:;()+\-/]")


class _NotSoError(Exception):
    """The formula is not made as it must be."""


def is_safe(body: str) -> bool:
    """Of what stands between the delimiters: whether it draws a formula, and can do nothing else."""
    tokens = _TOKEN.findall(body)
    if not body.strip() or len(body) > _LONGEST:
        return False
    try:
        return _expression(tokens, 0, "", 0) == len(tokens)
    except _NotSoError:
        return False


def printed(latex: str) -> str:
    """What a formula's MathML says once its tags are gone: letters, digits and signs, without commands and white space."""
    return _UNPRINTED.sub(lambda part: _PRINTED.get(part[0][1:], ""), latex)


def _expression(tokens: list[str], at: int, end: str, depth: int) -> int:
    """Reads up to `end`, which is left; the place of it."""
    if depth > _DEEPEST:
        raise _NotSoError
    while at < len(tokens) and tokens[at] != end:
        if tokens[at] == "\\right":
            raise _NotSoError
        at = _scripts(tokens, at if tokens[at] in "^_" else _atom(tokens, at, depth), depth)
    if at == len(tokens) and end:
        raise _NotSoError
    return at


def _scripts(tokens: list[str], at: int, depth: int) -> int:
    """At most one superscript, or primes, and one subscript."""
    seen = set()
    while at < len(tokens) and tokens[at] in ("^", "_", "'"):
        sign = "^" if tokens[at] == "'" else tokens[at]
        if sign in seen:
            raise _NotSoError
        seen.add(sign)
        primes = tokens[at] == "'"
        while primes and at < len(tokens) and tokens[at] == "'":
            at += 1
        at = at if primes else _argument(tokens, at + 1, depth)
        while tokens[at : at + 1] and tokens[at].isspace():
            at += 1
    return at


def _argument(tokens: list[str], at: int, depth: int) -> int:
    """A group, or a single character or symbol."""
    while tokens[at : at + 1] and tokens[at].isspace():
        at += 1
    token = tokens[at] if at < len(tokens) else ""
    if token == "{":
        return _expression(tokens, at + 1, "}", depth + 1) + 1
    if _CHARACTER.fullmatch(token) or (token[:1] == "\\" and token[1:] in _LETTERS):
        return at + 1
    raise _NotSoError


def _atom(tokens: list[str], at: int, depth: int) -> int:
    token = tokens[at]
    name = token[1:] if token[0] == "\\" else ""
    if token == "{":
        return _argument(tokens, at, depth)
    if token.isspace() or _CHARACTER.fullmatch(token) or name in _SYMBOLS:
        return at + 1
    if name == "left":
        at = _expression(tokens, _fence(tokens, at + 1), "\\right", depth + 1)
        return _fence(tokens, at + 1)
    groups = 1 if name in _STYLES else 2 if name in _FRACTIONS else 0
    if name == "sqrt" and tokens[at + 1 : at + 2] == ["["]:
        at = _expression(tokens, at + 2, "]", depth + 1)
    at += 1
    if name in _WORDS:
        return _words(tokens, at)
    if groups == 0:
        raise _NotSoError
    for _ in range(groups):
        at = _argument(tokens, at, depth)
    return at


def _fence(tokens: list[str], at: int) -> int:
    if at < len(tokens) and tokens[at] in _FENCES:
        return at + 1
    raise _NotSoError


def _words(tokens: list[str], at: int) -> int:
    if tokens[at : at + 1] != ["{"]:
        raise _NotSoError
    at += 1
    while at < len(tokens) and all(map(_WORD.fullmatch, tokens[at])):
        at += 1
    if tokens[at : at + 1] != ["}"]:
        raise _NotSoError
    return at + 1
