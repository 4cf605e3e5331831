"""LaTeX becomes readable, prose stays as it is, and nothing gets lost."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings

from hugo_llmpapers.text.latex import pieces, readable
from tests.hostile import BY_HAND, latex, many


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"$\tau^2$-bench", "τ²-bench"),
        (r"C$^{2}$TC and Crab$^{+}$, Pass@$k$?", "C²TC and Crab⁺, Pass@k?"),
        (r"$O(n \log n)$, $O(n\log n)$, $\log\log n$", "O(n log n), O(n log n), log log n"),
        (r"\emph{x} \textbf{x} {\em x} {\sc \sf Pebble}", "x x x Pebble"),
        (r"\textbf{S}ta\textbf{R}, \textit{\textbf{F}rom A \textbf{T}o B}", "StaR, From A To B"),
        (r"see \cite{abc} and \citep[p.~2]{def}", "see [abc] and [def]"),
        (r"caf\'e na\"ive Erd\H{o}s \v{S} {\o} {\'e}", "café naïve Erdős Š ø é"),
        (r"5\% R\&D a\_b \#1 \$5 1.5\,TB e.g.\ x", "5% R&D a_b #1 $5 1.5 TB e.g. x"),
        (r"$\sim$3x, $1.5\times$, $2 \times 3$, $d\times n$", "∼3x, 1.5×, 2 × 3, d×n"),
        (r"$10^{-3}$ 10^{-3} 10^-3 10^3", "10⁻³ 10⁻³ 10⁻³ 10³"),
        (r"$x_i$ $x_{ij}^2$ C_{50} T^3RL km^2 O(N^k) M^*", "xᵢ xᵢⱼ² C₅₀ T³RL km² O(Nᵏ) M*"),
        (r"$x^{n+1}$ $x^{n+α}$ $C^{s,λ}$ $\pi_{0.5}$ $R_{\text{geom}}$", "xⁿ⁺¹ x^(n+α) C^(s,λ) π_0.5 R_geom"),
        (r"$\mathcal{L}$ $\mathcal{O}(n)$ $\mathbb{R}^d$ $\mathbf{S}$", "ℒ O(n) ℝᵈ S"),
        (r"$\frac{1}{2}$ $\frac{a+b}{c}$ $\sqrt{d}$ $\sqrt[3]{xy}$", "1/2 (a+b)/c √d ³√(xy)"),
        (r"$\left(\frac{k}α\right)$ $\hatρ$ $\tilde{O}\!\left(n\right)$", "(k/α) ρ̂ Õ(n)"),
        (r"\url{https://a.example/~b_c%20d} \href{https://a.example}{b}", "https://a.example/~b_c%20d b (https://a.example)"),
        (r"\foo{bar} by \method and $\cO^*(\sqrt{m})$", r"bar by \method and \cO*(√m)"),
        (r"\textcolor{red}{hot} \input{/etc/passwd} $\unicode{x2014}$", "hot /etc/passwd —"),
        (r"\textbf{costs $5}, $10%$ of $1{,}000$", "costs $5, 10% of 1,000"),
        (r"$$E=mc^2$$ \(x_1\) \[x^2\] $ C^{s}\left([0,1]\right) $", "E=mc² x₁ x² Cˢ([0,1])"),
        (r"$a \to b \implies c$, $X \mid Y$, $\{1, \ldots, n\}$", "a → b ⟹ c, X | Y, {1, …, n}"),
        (r"\href{https://a.example{b}}", "https://a.example b"),
        (r"$x$ for $5 and \alpha", "x for $5 and α"),
    ],
)  # fmt: skip
def test_latex_becomes_unicode(source: str, text: str) -> None:
    """With dollars as in arXiv's texts, and without as in Hugging Face's."""
    assert readable(source) == text


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $10", "costs $5-$10, $5M–$10M, US$5 million and HK$10 million", "a $3 trillion market", "$HOME/$USER ${a}/${b} $(ls)",
        r"C:\path C:\tau\new \\server\share a\n b \d+ \bword\b", r"don't don\'t L\'Oreal \"A quote\" \[1\]", r"\modelname~makes \method.",
        "100% a~b a&b #1 -- ``x'' 'y' snake_case __init__ x_i file_{name}.txt", '{S}ignal {"a": 1} {-1, 0}', "[^1] ^ ^_^ a^ ||v||^2",
        "unbalanced { $a{b$ } \\", "$ $ $$ $$$", "日本語の\\と$記号",
    ],
)  # fmt: skip
def test_prose_is_unchanged(text: str) -> None:
    """Money, paths, shells, regular expressions, per cent, ties, quotes and braces only resemble LaTeX."""
    assert readable(text).replace("²", "^2") == text


def test_texts_without_latex_are_unchanged() -> None:
    """Whatever they contain."""
    for text in (*BY_HAND, *many()):
        if not re.search(r"[\\$^]|_\{", text):
            assert readable(text) == text


def _words(text: str) -> str:
    """Letters and digits in their order, as plain ones."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if c.isalnum()).casefold()


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(latex())
def test_hostile_latex_costs_no_word(text: str) -> None:
    """It never raises, the pieces are the text, and all words but those that a command uses are there, in their order."""
    assert "".join(piece.text for piece in pieces(text)) == text
    rest = iter(_words(readable(text)))
    own = r"\\unicode\{x41\}|\\(?:begin|end)\{x\}|\\href\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+\*?|\[[^\]]*\]"
    bare = re.sub(own, " ", text)
    assert [c for c in _words(bare) if c not in rest] == []


@pytest.mark.parametrize(
    "text", ["\\textbf{" * 3000, "\\textbf{" * 240 + "x" + "}" * 240, "$" * 5000, "{\\em " * 2000, "x^{" * 5000, "$\\frac" * 1000, "\\(" * 5000]
)  # fmt: skip
def test_deep_nesting_is_no_error(text: str) -> None:
    """Whatever the result is."""
    assert readable(text)
