"""Whether this site shows mathematics, and a paper's text in the form that it then takes.

Goldmark hands a formula on untouched where `passthrough` names its delimiters; a render hook of the site draws it, or a
script of the theme does in the browser. https://gohugo.io/content-management/mathematics/
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hugo_llmpapers.site import files, front_matter
from hugo_llmpapers.text import formula, hugo_tokens, latex, markdown

DOLLARS = ("$", "$")
BRACKETS = ("\\(", "\\)")
_SWITCHES = frozenset({"math", "katex", "mathjax", "usemath", "enablemath", "enablekatex", "enablemathjax"})
"""Parameters of themes, in lower case, as `hugo config` prints them."""
_SWITCHED = re.compile(
    r"^\s*[\"'\[]*(?:math|katex|mathjax)[\"'\]]*\s*[:=]?\s*(?:enable\s*[:=]\s*)?[\"']?(true|false)\b", re.MULTILINE
)
_SCRIPT = re.compile(r"renderMathInElement|auto-render|mathjax", re.IGNORECASE)
_ASKS_FOR_DOLLARS = re.compile(r"[\"'`]\$[\"'`]")
_LIKE_MATH = re.compile(r"\\(?=[(\[]|[A-Za-z]+\s*\{)")
_ARCHETYPES_OWN = re.compile(r"\{x\{|\}x\}")
"""What Hugo makes of a shortcode's braces while it evaluates an archetype, and turns back afterwards, also in data."""
_STAND_IN = "\ue000"
"""Of a formula, while the text around it is escaped. For private use, so it means nothing in a paper."""


@dataclass(frozen=True, slots=True)
class Mathematics:
    """How a formula is written so that this site shows it."""

    delimiters: tuple[tuple[str, str], ...]
    """That may enclose it within a line; at least one pair."""
    passthrough: bool = False
    """Whether Goldmark leaves it alone; else it is escaped like all text, and a script finds it in the page."""
    hook: bool = False
    """Whether a template of the site gets what stands between the delimiters."""
    script: bool = False
    """Whether a script looks for delimiters in the page's text, where a sum of money may look like a formula, too."""


def mathematics(config: Mapping[str, Any], module_dirs: Iterable[Path], archetype: str) -> Mathematics | None:
    """What the site does with mathematics; None where a reader would see dollars and backslashes.

    `config`: as `hugo config` tells it. `module_dirs`: site, themes, modules. `archetype`: the text of the post's template,
    whose front matter may say `math: true` or `math: false`.
    """
    dirs = tuple(module_dirs)
    found = front_matter.split_archetype(archetype)
    said = _SWITCHED.search(found[1].text) if found else None
    if said and said[1] == "false":
        return None
    on = bool(said) or _is_on(config.get("params"))
    extensions = ((config.get("markup") or {}).get("goldmark") or {}).get("extensions") or {}
    through = extensions.get("passthrough") or {}
    named = {tuple(pair) for pair in (through.get("delimiters") or {}).get("inline") or ()}
    usable = tuple(pair for pair in (DOLLARS, BRACKETS) if pair in named)
    if through.get("enable") and usable:
        hook = any(_is_hook(file) for root in dirs for file in files.regular(root / "layouts", ".html"))
        return Mathematics(usable, passthrough=True, hook=hook, script=on and not hook)
    return Mathematics(_delimiters_of_script(dirs), script=True) if on else None


def in_place(text: str, escape: Callable[[str], str], maths: Mathematics | None) -> str:
    """A paper's text, escaped for its place by `escape`, with its LaTeX as formulas where the site shows them, else in
    Unicode."""
    if maths is None:
        return escape(latex.readable(text))
    parts: list[str] = [""]  # what is no formula and what is one, by turns
    for piece in latex.pieces(text.replace(_STAND_IN, "")):
        made = _formula(piece, maths) if piece.formula else None
        if made is None:
            parts[-1] += latex.shown(piece)
        else:
            parts += [made, ""]
    if any(hugo_tokens.found(said) for said in _said(parts)):
        parts = [latex.readable(text.replace(_STAND_IN, ""))]  # no escaping reaches a formula
    others, formulas = parts[::2], parts[1::2]
    if maths.script:
        others = _no_formulas(others, maths, alone=not formulas)
    holes = [_STAND_IN] * len(formulas) if maths.passthrough else formulas
    escaped = escape("".join(itertools.chain.from_iterable(itertools.zip_longest(others, holes, fillvalue=""))))
    waiting = iter(formulas)
    return re.sub(_STAND_IN, lambda _: next(waiting), escaped)


def _said(parts: Sequence[str]) -> Iterator[str]:
    """What a page says that has these formulas: as they stand there before a script draws them, or where none does, as they
    are drawn, and drawn with their source behind, as MathML's annotations have it."""
    for say in (str, formula.printed, lambda part: formula.printed(part) + part):
        yield "".join(say(part) if n % 2 else part for n, part in enumerate(parts))


def _formula(piece: latex.Piece, maths: Mathematics) -> str | None:
    """As it goes into the Markdown; None where it might do more than draw."""
    body = " ".join((piece.latex or "").split())
    if not formula.is_safe(body) or _ARCHETYPES_OWN.search(body) or markdown.links_paper(body):
        return None
    own = DOLLARS if piece.text[0] == "$" else BRACKETS
    before, after = own if own in maths.delimiters else maths.delimiters[0]
    if maths.passthrough:
        # Hugo prints it raw, so it must be HTML; a template that draws it must get LaTeX.
        less, greater = ("\\lt ", "\\gt ") if maths.hook else ("&lt;", "&gt;")
        body = body.replace("<", less).replace(">", greater)
    return before + body + after


def _no_formulas(texts: list[str], maths: Mathematics, *, alone: bool) -> list[str]:
    """What a script could take for mathematics, as its full-width likes. A dollar that is `alone` in the text is safe."""
    texts = [_LIKE_MATH.sub("＼", text) for text in texts]
    money = DOLLARS in maths.delimiters and sum(text.count("$") for text in texts) > alone
    return [text.replace("$", "＄") for text in texts] if money else texts


def _is_hook(template: Path) -> bool:
    return template.parent.name == "_markup" and template.name.startswith("render-passthrough")


def _is_on(params: object, depth: int = 3) -> bool:
    if not isinstance(params, Mapping):
        return False
    for key, value in params.items():
        if key in _SWITCHES and _says_yes(value):
            return True
        if depth and key != "llmpapers" and _is_on(value, depth - 1):
            return True
    return False


def _says_yes(value: object) -> bool:
    if isinstance(value, Mapping):
        return _says_yes(value.get("enable", value.get("enabled")))
    return value is True or str(value).lower() in {"true", "katex", "mathjax"}


def _delimiters_of_script(dirs: Iterable[Path]) -> tuple[tuple[str, str], ...]:
    """KaTeX and MathJax both take `\\(…\\)` by themselves, and `$…$` only if they are told to."""
    texts = (files.text(file) for root in dirs for file in files.regular(root / "layouts", ".html"))
    scripts = [text for text in texts if _SCRIPT.search(text)]
    asked = not scripts or any(_ASKS_FOR_DOLLARS.search(text) for text in scripts)
    return (DOLLARS, BRACKETS) if asked else (BRACKETS,)
