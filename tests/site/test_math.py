"""Formulas are written as formulas, and as nothing else, on sites that show them; elsewhere they are text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.site.math import BRACKETS, DOLLARS, Mathematics, detect_mathematics, write_text
from hugo_llmpapers.text import formula, hugo_tokens, markdown
from hugo_llmpapers.text.latex import pieces
from tests.hostile import BY_HAND, LATEX, PLACES, drawn, latex, many
from tests.pages import CONFIGS, EVERYTHING_ON, Seen, built

BOTH = (DOLLARS, BRACKETS)
PASSTHROUGH = Mathematics(BOTH, passthrough=True)
HOOK = Mathematics(BOTH, passthrough=True, hook=True)
SCRIPT = Mathematics(BOTH, script=True)
HONEST = (
    "$\\tau^2$-bench and $V_1$: $O(n \\log n)$, $x<y$, \\(a_1\\) and $5 or $10",
    "$x$$y$ k$k$NN ($q$)-$r$ $T^{-1/4}$",
    "$C^{s}\\left([0,1]^{d\\times n}\\right)$ $ spaced^2 $ $$E=mc^2$$ \\[x^2\\] $\\{a\\}$",
    "$a*b*c$ and $a_b*c_b$ and $[x](y)$ and $:smile:$",
)


def _config(through: list[list[str]] | None = None, **params: Any) -> dict[str, Any]:
    passthrough = {"enable": through is not None, "delimiters": {"block": [["$$", "$$"]], "inline": through or []}}
    return {"markup": {"goldmark": {"extensions": {"passthrough": passthrough}}}, "params": params}


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({}, None),
        (_config(), None),
        (_config([["$", "$"]]), Mathematics((DOLLARS,), passthrough=True)),
        (_config([["\\(", "\\)"], ["$", "$"]]), PASSTHROUGH),
        (_config([["\\(", "\\)"]], math=True), Mathematics((BRACKETS,), passthrough=True, script=True)),
        (_config([["@@", "@@"]]), None),
        (_config([]), None),
        (_config(math=True), SCRIPT),
        (_config(katex="true"), SCRIPT),
        (_config(mathjax={"enable": True}), SCRIPT),
        (_config(math="katex"), SCRIPT),
        (_config(page={"math": {"enable": True, "block": ""}}), SCRIPT),
        (_config(article={"math": True}), SCRIPT),
        (_config(math={"enable": False, "copytex": True}), None),
        (_config(math=False, katex="false"), None),
        (_config(llmpapers={"math": True}), None),
        (_config(mathematics=True, aftermath=True), None),
    ],
)
def test_the_configuration_decides(config: dict[str, Any], found: Mathematics | None) -> None:
    """Passthrough with its delimiters, else the parameters that themes have for KaTeX and MathJax."""
    assert detect_mathematics(config, (), "") == found


@pytest.mark.parametrize(
    ("archetype", "params", "found"),
    [
        ("{{ $x }}\n---\ntitle: x\nmath: true\n---\nbody", {}, SCRIPT),
        ("---\nkatex: true\n---\n", {}, SCRIPT),
        ("+++\nmathjax = true\n+++\n", {}, SCRIPT),
        ("---\nmath:\n  enable: true\n---\n", {}, SCRIPT),
        ("+++\n[math]\nenable = true\n+++\n", {}, SCRIPT),
        ("---\nmath: false\n---\n", {"math": True}, None),
        ("---\n# math: true\ntitle: math\n---\nmath: true\n", {}, None),
        ("---\ntitle: x\n---\n", {"math": True}, SCRIPT),
    ],
)
def test_the_archetypes_front_matter_counts(archetype: str, params: dict[str, Any], found: Mathematics | None) -> None:
    """For its own page it switches on what the site leaves off, and the other way round."""
    assert detect_mathematics(_config(**params), (), archetype) == found
    if found is None:
        assert detect_mathematics(_config([["$", "$"]]), (), archetype) == (
            None if "false" in archetype else Mathematics((DOLLARS,), passthrough=True)
        )


@pytest.mark.parametrize(
    ("name", "template", "found"),
    [
        ("partials/math.html", "<script>renderMathInElement(document.body)</script>", Mathematics((BRACKETS,), script=True)),
        ("partials/math.html", "MathJax = {tex: {inlineMath: [['$', '$']]}}", SCRIPT),
        ("partials/katex.html", 'renderMathInElement(b, {delimiters: [{left: "$$", right: "$$"}, {left: "$", right: "$"}]})', SCRIPT),
        ("partials/other.html", "{{ . }}", SCRIPT),
    ],
)  # fmt: skip
def test_the_delimiters_are_those_of_the_themes_script(
    tmp_path: Path, name: str, template: str, found: Mathematics
) -> None:
    """KaTeX and MathJax recognize single dollars only if they are configured to."""
    (tmp_path / "layouts" / name).parent.mkdir(parents=True)
    (tmp_path / "layouts" / name).write_text(template, encoding="utf-8")
    assert detect_mathematics(_config(math=True), (tmp_path,), "") == found


@pytest.mark.parametrize("folder", ["layouts/_default/_markup", "layouts/_markup", "layouts/posts/_markup"])
def test_a_render_hook_is_seen(tmp_path: Path, folder: str) -> None:
    """Then Hugo draws the formula, and no script is to be feared."""
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "render-passthrough-inline.html").write_text("{{ transform.ToMath .Inner }}", encoding="utf-8")
    assert detect_mathematics(_config([["$", "$"]], math=True), (tmp_path,), "") == replace(HOOK, delimiters=(DOLLARS,))


@pytest.mark.parametrize(
    ("maths", "text", "written"),
    [
        (None, "$\\tau^2$-bench", "τ²-bench"),
        (PASSTHROUGH, "$\\tau^2$-bench", "$\\tau^2$-bench"),
        (PASSTHROUGH, "$x<y$ & \\(a_1\\)", "$x&lt;y$ & \\(a_1\\)"),
        (HOOK, "$x<y$ & \\(a_1\\)", "$x\\lt y$ & \\(a_1\\)"),
        (replace(PASSTHROUGH, delimiters=(BRACKETS,)), "$x_1$", "\\(x_1\\)"),
        (SCRIPT, "$x_1$", "&#36;x_1&#36;"),
        (replace(SCRIPT, delimiters=(BRACKETS,)), "$x_1$", "&#92;(x_1&#92;)"),
        (PASSTHROUGH, "$\\href{javascript:alert(1)}{x}$ $5 and $10", "x &#36;5 and &#36;10"),
        (PASSTHROUGH, "\\textbf{x} $\\{x{$ $a}x}b$", "x &#36;&#123;x&#123;&#36; &#36;a&#125;x&#125;b&#36;"),
        (HOOK, "$\\text{x}$ ${x{y}x}$", "$\\text{x}$ xyx"),
        (SCRIPT, "costs $5", "costs &#36;5"),
        (SCRIPT, "$5 and $10", "＄5 and ＄10"),
        (SCRIPT, "$\\tau$ costs $5", "&#36;&#92;tau&#36; costs ＄5"),
        (SCRIPT, "\\( and \\x { and \\x\\{", "＼( and ＼x &#123; and ＼x&#123;"),
    ],
)
def test_how_a_formula_is_written(maths: Mathematics | None, text: str, written: str) -> None:
    """Raw for passthrough, escaped for a script, Unicode if it is not safe; amounts in dollars are not formulas."""
    assert write_text(text, markdown.paragraph, maths) == written


def test_alternative_text_has_no_formulas() -> None:
    """It is plain text in every site."""
    assert markdown.alt("τ²-bench") == "τ²-bench"


def _texts() -> list[str]:
    return [*HONEST, *LATEX, *BY_HAND, *drawn(latex(), 400)]


def _pages(texts: list[str], maths: Mathematics | None) -> list[dict[str, str]]:
    places = {place: write for place, write in PLACES.items() if place != "alt"}
    return [
        {place: write_text(text, write, maths) for place, write in places.items()} | {"alt": "x", "link": "x"}
        for text in texts
    ]


def _shown(seen: Seen) -> set[str]:
    return {text for place, text in seen.in_place().items() if place not in ("alt", "link")}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
def test_without_mathematics_a_reader_sees_unicode_to_the_letter(tmp_path: Path, config: str) -> None:
    """Hostile LaTeX, too, in every place."""
    texts = [text for text in _texts() if markdown.one_line(write_text(text, str, None))]
    wanted = [{hugo_tokens.break_tokens(markdown.one_line(write_text(text, str, None)))} for text in texts]
    seen = [_shown(one) for one in built(tmp_path, config, _pages(texts, None))]
    assert {text: s for text, s, w in zip(texts, seen, wanted, strict=True) if s != w} == {}


@pytest.mark.parametrize(
    "maths", [PASSTHROUGH, SCRIPT, replace(SCRIPT, passthrough=True)], ids=["passthrough", "script", "both"]
)
def test_a_script_finds_the_formulas_and_nothing_else(tmp_path: Path, maths: Mathematics) -> None:
    """The page's text has each formula between its delimiters, as the paper has it; no element or attribute comes of any."""
    texts = [text for text in _texts() if markdown.one_line(write_text(text, str, None))]
    plain = replace(maths, passthrough=False)  # says the same without Markdown
    wanted = [{hugo_tokens.break_tokens(markdown.one_line(write_text(text, str, plain)))} for text in texts]
    seen = [_shown(one) for one in built(tmp_path, EVERYTHING_ON, _pages(texts, maths))]
    assert {text: s for text, s, w in zip(texts, seen, wanted, strict=True) if s != w} == {}
    if maths.script:
        # What KaTeX and MathJax would take for mathematics in that text is safe, whatever they take for it.
        bodies = [m[1] or m[2] for (text,) in seen for m in re.finditer(r"\$([^$]+)\$|\\\((.+?)\\\)", text)]
        assert len(bodies) > 20
        assert [body for body in bodies if not formula.is_safe(body)] == []
        assert not any(
            re.search(r"\\(?:\[|[A-Za-z]+\s*\{)", re.sub(r"\$[^$]+\$|\\\(.+?\\\)", "", text)) for (text,) in seen
        )


def test_hugos_own_renderer_can_draw_them_all(tmp_path: Path) -> None:
    """With a render hook: its template gets LaTeX without HTML, and the build has no error and no warning."""
    texts = [text for text in _texts() if markdown.one_line(write_text(text, str, None))]
    hook = "{{- with transform.ToMath .Inner }}{{ end }}⟦{{ .Inner }}⟧{{- /**/ -}}"
    files = {"layouts/_default/_markup/render-passthrough.html": hook}
    seen = [_shown(one) for one in built(tmp_path, EVERYTHING_ON, _pages(texts, HOOK), files)]
    drawn_ones = [body for shown in seen for text in shown for body in re.findall("⟦(.*?)⟧", text)]
    assert len(drawn_ones) > 40
    assert [body for body in drawn_ones if "<" in body or "&" in body or not formula.is_safe(body)] == []


def test_most_formulas_of_papers_stay_formulas() -> None:
    """Not so few pass that it would not be worth while."""
    formulas = [piece for text in HONEST for piece in pieces(text) if piece.formula]
    assert len(formulas) >= 15
    assert [piece.text for piece in formulas if not formula.is_safe((piece.latex or "").strip())] == []


def test_text_without_latex_is_the_same_in_every_site() -> None:
    """Byte for byte."""
    for text in many():
        if not re.search(r"[\\$^\ue000]|_\{", text):
            assert {write_text(text, markdown.paragraph, maths) for maths in (None, PASSTHROUGH, HOOK, SCRIPT)} == {
                markdown.paragraph(text)
            }
