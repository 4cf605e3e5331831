"""Only formulas pass, and KaTeX, which Hugo has built in, can draw every one of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import strategies as st

from hugo_llmpapers.text import formula
from tests.hostile import PLACES, drawn
from tests.pages import built

GOOD = (
    r"\tau^2", "O(n \\log n)", r"C^{s,λ}\left([0,1]^{d\times n}\right)", r"\tilde{\mathcal{O}}\!\left(\frac{1}{\sqrt{mn}}+\fracγ{δ}\right)",
    r"R^2_{\text{geom}} = 0.782", "x < y", "^2", r"\{1/k, \ldots, 1\}", r"f'(x)", r"\sqrt[3]{x}", r"5\%", r"\mathbb{E}_{x \sim p}",
)  # fmt: skip
BAD = (
    r"\href{javascript:alert(1)}{x}", r"\url{x}", r"\includegraphics{https://x.example/y.png}", r"\htmlClass{a}{x}", r"\htmlData{a=b}{x}",
    r"\htmlStyle{a}{x}", r"\require{html}", r"\def\x{\x\x}\x", r"\newcommand{\x}{y}", r"\gdef\x{}", r"\let\x\y", r"\unicode{x3c}",
    r"\style{color:red}{x}", r"\class{a}{x}", r"\cssId{a}{x}", r"\begin{matrix}a\end{matrix}", r"\color{red}", r"\rule{1em}{1em}",
    r"\kern99em", r"\text{$x$}", r"\text{\href{x}{y}}", r"\verb|x|", "a & b", "a # b", "a % b", "a $ b", "`", '"', "~", "<!-- & -->",
    "x^a^b", "x_1_2", "x''^2", "^", "x^", r"\frac{a}", r"\left( x", r"\right)", "{", "}", "a}{b", r"\hat", "\\", r"\\", "日本", "",
    " ", "x" * 400, "{" * 50 + "x" + "}" * 50, r"\csname href\endcsname", r"\catcode`\%", r"\operatorname\href", "a\nb & c",
)  # fmt: skip
_TOKENS = [
    *(f"\\{name}" for name in sorted(formula._SYMBOLS | formula._STYLES | formula._TEXTS | formula._FRACTIONS)),
    *("\\left", "\\right") * 12,
    *"{}^_" * 40,
    *"abxN12+-=()|,.[]<>/!:;*?'αρλ×≤→ " * 4,
    *sorted(formula._FENCES),
]


@pytest.mark.parametrize("body", GOOD)
def test_formulas_of_papers_are_safe(body: str) -> None:
    """As in titles and abstracts of arXiv."""
    assert formula.is_safe(body)


@pytest.mark.parametrize("body", BAD)
def test_other_formulas_are_not_safe(body: str) -> None:
    """Links, pictures, definitions, styles, other characters and invalid LaTeX."""
    assert not formula.is_safe(body)


def test_katex_renders_all_safe_formulas(tmp_path: Path) -> None:
    """Each command and hundreds of random formulas: else Hugo's own renderer would break the build."""
    symbols = [f"a\\{name} b" for name in sorted(formula._SYMBOLS)]
    letters = [f"x_\\{name}^\\{name}" for name in sorted(formula._LETTERS)]
    styles = [f"\\{name}{{x}}\\{name} x" for name in sorted(formula._STYLES)]
    words = [f"\\{name}{{ab c}}" for name in sorted(formula._TEXTS)]
    fences = [f"\\left{fence} x \\right{fence}" for fence in sorted(formula._FENCES)]
    characters = [f"a{c}b^{c}" for c in map(chr, range(0x21, 0x3000)) if formula._CHARACTER.fullmatch(c)]
    random = drawn(
        st.lists(st.sampled_from(_TOKENS), min_size=1, max_size=6).map("".join).filter(formula.is_safe), 1_000
    )
    bodies = [*GOOD, *symbols, *letters, *styles, *words, *fences, *characters, *random]
    assert [body for body in bodies if not formula.is_safe(body)] == []
    config = (
        "[markup.goldmark.extensions.passthrough]\nenable = true\n"
        "[markup.goldmark.extensions.passthrough.delimiters]\ninline = [['$', '$']]\n"
    )
    hook = "{{- with transform.ToMath .Inner }}ok{{ end -}}"
    text = " ".join("$" + body.replace("<", r"\lt ").replace(">", r"\gt ") + "$" for body in bodies)
    page = {**dict.fromkeys(PLACES, "x"), "paragraph": text, "link": "x"}
    (seen,) = built(tmp_path, config, [page], {"layouts/_default/_markup/render-passthrough.html": hook})
    assert seen.in_place()["paragraph"].split() == ["ok"] * len(bodies)
