"""How a site shows formulas, and the text of papers with its formulas written for that site.

Goldmark passes a formula through unchanged if `passthrough` has its delimiters. Then a render hook of the site draws it,
or a script of the theme does in the browser. https://gohugo.io/content-management/mathematics/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from hugo_llmpapers.site import files, front_matter
from hugo_llmpapers.text import formula, hugo_tokens, latex, markdown

DOLLARS = ("$", "$")
BRACKETS = ("\\(", "\\)")
_PARAMETERS = frozenset({"math", "katex", "mathjax", "usemath", "enablemath", "enablekatex", "enablemathjax"})
"""Parameters of themes that switch formulas on, in lower case as `hugo config` prints them."""
_FIELD = re.compile(
    r"^\s*[\"'\[]*(?:math|katex|mathjax)[\"'\]]*\s*[:=]?\s*(?:enable\s*[:=]\s*)?[\"']?(true|false)\b", re.MULTILINE
)
"""Matches the same in front matter."""
_SCRIPT = re.compile(r"renderMathInElement|auto-render|mathjax", re.IGNORECASE)
_DOLLARS_IN_SCRIPT = re.compile(r"[\"'`]\$[\"'`]")
_LIKE_MATH = re.compile(r"\\(?=[(\[]|[A-Za-z]+\s*\{)")
_ARCHETYPE_BRACES = re.compile(r"\{x\{|\}x\}")
"""Hugo replaces a shortcode's braces by these while it evaluates an archetype, and restores them afterwards, also in data."""
_PLACEHOLDER = "\ue000"
"""Stands for a formula while the text around it is escaped. It is for private use, so papers do not need it."""


@dataclass(frozen=True, slots=True)
class Mathematics:
    """How to write a formula so that a site shows it."""

    delimiters: tuple[tuple[str, str], ...]
    """Pairs of delimiters for a formula in a line; at least one pair."""
    passthrough: bool = False
    """Whether Goldmark leaves a formula unchanged; else it is escaped like text, and a script finds it in the page."""
    hook: bool = False
    """Whether a template of the site receives the formula."""
    script: bool = False
    """Whether a script searches the text of the page for delimiters, so that amounts in dollars may become formulas."""


def detect_mathematics(config: Mapping[str, Any], module_dirs: Iterable[Path], archetype: str) -> Mathematics | None:
    """Return how the site shows formulas; None if a reader would see dollars and backslashes.

    `config`: as `hugo config` prints it. `module_dirs`: folders of site, themes and modules. `archetype`: the template of
    the post, whose front matter may have `math: true` or `math: false`.
    """
    templates = files.list_templates(module_dirs)
    found = front_matter.split_archetype(archetype)
    field = _FIELD.search(found.text) if found else None
    if field and field[1] == "false":
        return None
    enabled = field is not None or _is_enabled(config.get("params"))
    extensions = ((config.get("markup") or {}).get("goldmark") or {}).get("extensions") or {}
    passthrough = extensions.get("passthrough") or {}
    inline = {tuple(pair) for pair in (passthrough.get("delimiters") or {}).get("inline") or ()}
    delimiters = tuple(pair for pair in (DOLLARS, BRACKETS) if pair in inline)
    if passthrough.get("enable") and delimiters:
        hook = any(t.parent.name == "_markup" and t.name.startswith("render-passthrough") for t in templates)
        return Mathematics(delimiters, passthrough=True, hook=hook, script=enabled and not hook)
    return Mathematics(_delimiters_of_script(templates), script=True) if enabled else None


def write_text(text: str, escape: Callable[[str], str], maths: Mathematics | None) -> str:
    """Return a paper's text, escaped by `escape`, with its LaTeX as formulas; in Unicode if the site does not show them."""
    if maths is None:
        return escape(latex.readable(text))
    text = text.replace(_PLACEHOLDER, "")
    parts = [""]  # text and formulas alternate
    for piece in latex.pieces(text):
        written = _formula(piece, maths) if piece.formula else None
        if written is None:
            parts[-1] += latex.to_text(piece)
        else:
            parts += [written, ""]
    if any(hugo_tokens.contains_token(version) for version in _visible_versions(parts)):
        parts = [latex.readable(text)]  # a token of Hugo in a formula could not be escaped
    texts, formulas = parts[::2], parts[1::2]
    if maths.script:
        texts = _without_delimiters(texts, maths, single_dollar=not formulas)
    inserted = [_PLACEHOLDER] * len(formulas) if maths.passthrough else formulas
    escaped = escape("".join(chain.from_iterable(zip_longest(texts, inserted, fillvalue=""))))
    remaining = iter(formulas)
    return re.sub(_PLACEHOLDER, lambda _: next(remaining), escaped)


def _visible_versions(parts: Sequence[str]) -> Iterator[str]:
    """Yield the texts of a page with these formulas: as source, as they are drawn, and as drawn with the source in MathML."""
    for show in (str, formula.printed_text, lambda part: formula.printed_text(part) + part):
        yield "".join(show(part) if n % 2 else part for n, part in enumerate(parts))


def _formula(piece: latex.Piece, maths: Mathematics) -> str | None:
    """Return the formula as Markdown; None if it could do more than draw."""
    body = " ".join((piece.latex or "").split())
    if not formula.is_safe(body) or _ARCHETYPE_BRACES.search(body) or markdown.links_paper(body):
        return None
    own = DOLLARS if piece.text[0] == "$" else BRACKETS
    before, after = own if own in maths.delimiters else maths.delimiters[0]
    if maths.passthrough:
        # Hugo prints it raw, so it must be HTML; a template that draws it must get LaTeX.
        less, greater = ("\\lt ", "\\gt ") if maths.hook else ("&lt;", "&gt;")
        body = body.replace("<", less).replace(">", greater)
    return before + body + after


def _without_delimiters(texts: list[str], maths: Mathematics, *, single_dollar: bool) -> list[str]:
    """Replace what a script could take for mathematics by full-width characters, except a `single_dollar` in the text."""
    texts = [_LIKE_MATH.sub("＼", text) for text in texts]
    dollars = sum(text.count("$") for text in texts) if DOLLARS in maths.delimiters else 0
    return [text.replace("$", "＄") for text in texts] if dollars > single_dollar else texts


def _is_enabled(params: object, depth: int = 3) -> bool:
    """Return whether a theme's parameters, or tables in them, switch formulas on."""
    items = params.items() if isinstance(params, Mapping) else ()
    return any(
        (key in _PARAMETERS and _is_true(value)) or (depth and key != "llmpapers" and _is_enabled(value, depth - 1))
        for key, value in items
    )


def _is_true(value: object) -> bool:
    if isinstance(value, Mapping):
        return _is_true(value.get("enable", value.get("enabled")))
    return str(value).lower() in {"true", "katex", "mathjax"}


def _delimiters_of_script(templates: Iterable[Path]) -> tuple[tuple[str, str], ...]:
    """KaTeX and MathJax both recognize `\\(…\\)` by default, and `$…$` only if they are configured to."""
    scripts = [text for text in map(files.read_text, templates) if _SCRIPT.search(text)]
    dollars = not scripts or any(_DOLLARS_IN_SCRIPT.search(text) for text in scripts)
    return (DOLLARS, BRACKETS) if dollars else (BRACKETS,)
