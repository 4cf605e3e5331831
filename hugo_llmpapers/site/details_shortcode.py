"""How abstracts are folded on this site: the parameters of its `details` shortcode, or what replaces the shortcode.

Hugo's own `details` takes `summary=`, themes read `title=` or the first position, and a label that is passed in another
way is silently lost. So the template in use is read. https://gohugo.io/shortcodes/details/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hugo_llmpapers.site import files
from hugo_llmpapers.site.mounts import Module

SHORTCODE = "layouts/shortcodes/details.html"
"""Path of a site's own template; Hugo ignores `layouts/_shortcodes` before 0.146."""
_COMMENT = re.compile(r"\{\{-?\s*/\*.*?\*/\s*-?\}\}|<!--.*?-->", re.DOTALL)
_READS_POSITION = re.compile(r"\.Get\s+\(?\s*0\b|\bindex\s+\$?\.?\w+\s+0\b|\.IsNamedParams")
_READS_NAME = re.compile(
    r"(?:\.Get\s+\(?\s*|\bindex\s+\$?\.?\w+\s+)[\"`](\w+)[\"`]|(?:\.Params|\$params)\.(\w+)", re.IGNORECASE
)
_LABELS = ("summary", "title", "label", "header", "heading", "caption", "text")


@dataclass(frozen=True, slots=True)
class Details:
    """The lines around folded text."""

    open: str
    """A printf pattern that takes the label."""
    close: str
    """May be empty."""


POSITIONAL = Details('{{< details "%s" >}}', "{{< /details >}}")
NAMED = Details('{{< details summary="%[1]s" title="%[1]s" >}}', "{{< /details >}}")
HTML = Details("<details>\n<summary>%s</summary>\n", "\n</details>")
HEADING = Details("#### %s\n", "")

TEMPLATE = """\
{{- /* A closed fold: its label is the first argument, or summary="…"; the text inside is Markdown. */ -}}
{{- $label := "" -}}
{{- if .IsNamedParams }}{{ $label = .Get "summary" | default (.Get "title") }}{{ else }}{{ $label = .Get 0 }}{{ end -}}
<details>
<summary>{{ $label | default "Details" }}</summary>
{{ .Page.RenderString (dict "display" "block") .Inner }}
</details>
"""
"""For a site without one: takes the label as our format passes it, and as Hugo's own since 0.140 does."""


def find_template(modules: Sequence[Module], language: str) -> Path | None:
    """Return the `details` template that a site uses for pages of a language; None if it has none but Hugo's own."""
    names = (f"details.{language}.html", "details.html")
    paths = [f"layouts/{folder}/{name}" for name in names for folder in ("_shortcodes", "shortcodes")]
    return next((file for module in modules for path in paths if (file := module.find(path)) is not None), None)


def call_of(template: Path) -> Details | None:
    """Return the call that passes the label as a template reads it; None if it reads none that we know."""
    text = _COMMENT.sub("", files.read_text(template))
    if _READS_POSITION.search(text):
        return POSITIONAL
    names = {(found[1] or found[2]).lower() for found in _READS_NAME.finditer(text)}
    label = next((label for label in _LABELS if label in names), None)
    if label is None:
        return None
    opening = NAMED.open if label in ("summary", "title") else f'{{{{< details {label}="%s" >}}}}'
    # Some are open by default.
    return replace(NAMED, open=opening.replace(" >}}", ' closed="true" >}}') if "closed" in names else opening)


def details(template: Path | None, config: Mapping[str, Any], *, embedded: bool) -> Details:
    """Return what folds text on a site. `template`: see `find_template`; `embedded`: whether its Hugo has one of its own."""
    if template is not None:
        return call_of(template) or NAMED
    return NAMED if embedded else next(_without_shortcode(config))


def alternatives(used: Details, config: Mapping[str, Any]) -> Iterator[Details]:
    """Yield what remains to be tried if a label was lost with `used`. The last shows it on every site."""
    calls = (POSITIONAL, NAMED) if used not in (HTML, HEADING) else ()
    yield from (other for other in (*calls, *_without_shortcode(config)) if other != used)


def _without_shortcode(config: Mapping[str, Any]) -> Iterator[Details]:
    renderer = (((config.get("markup") or {}).get("goldmark") or {}).get("renderer")) or {}
    if renderer.get("unsafe"):
        yield HTML
    yield HEADING
