"""How this site folds an abstract away: what its `details` shortcode reads, or what stands in for it.

Hugo's own `details` takes `summary=`, themes read `title=` or the first position, and a label passed the wrong way is
lost without a word. So the template that is in force is read. https://gohugo.io/shortcodes/details/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hugo_llmpapers.site import files
from hugo_llmpapers.site.modules import Module

_FOLDERS = ("layouts/_shortcodes", "layouts/shortcodes")
SHORTCODE = "layouts/shortcodes/details.html"
"""Where a site's own stands; `layouts/_shortcodes` is not looked at by a Hugo before 0.146."""
_COMMENT = re.compile(r"\{\{-?\s*/\*.*?\*/\s*-?\}\}|<!--.*?-->", re.DOTALL)
_READS_POSITION = re.compile(r"\.Get\s+\(?\s*0\b|\bindex\s+\$?\.?\w+\s+0\b|\.IsNamedParams")
_READS_NAME = re.compile(
    r"(?:\.Get\s+\(?\s*|\bindex\s+\$?\.?\w+\s+)[\"`](\w+)[\"`]|(?:\.Params|\$params)\.(\w+)", re.IGNORECASE
)
_LABELS = ("summary", "title", "label", "header", "heading", "caption", "text")
"""Names for what stands on the fold, as templates have them."""


@dataclass(frozen=True, slots=True)
class Details:
    """The lines around folded text."""

    open: str
    """A printf pattern that takes the label."""
    close: str
    """May be empty."""


_CLOSE = "{{< /details >}}"
POSITIONAL = Details('{{< details "%s" >}}', _CLOSE)
NAMED = Details('{{< details summary="%[1]s" title="%[1]s" >}}', _CLOSE)
HTML = Details("<details>\n<summary>%s</summary>\n", "\n</details>")
HEADING = Details("#### %s\n", "")


TEMPLATE = """\
{{- /* A closed fold: its label is the first argument, or summary="…"; what stands inside is Markdown. */ -}}
{{- $label := "" -}}
{{- if .IsNamedParams }}{{ $label = .Get "summary" | default (.Get "title") }}{{ else }}{{ $label = .Get 0 }}{{ end -}}
<details>
<summary>{{ $label | default "Details" }}</summary>
{{ .Page.RenderString (dict "display" "block") .Inner }}
</details>
"""
"""For a site that has none: as in the format that we write, and as Hugo's own is called since 0.140."""


def takes_label(own: Path) -> bool:
    """Whether a template reads the label in a way that we can pass it."""
    text = _COMMENT.sub("", files.text(own))
    return _READS_POSITION.search(text) is not None or not _names_in(text).isdisjoint(_LABELS)


def details(own: Path | None, config: Mapping[str, Any], *, embedded: bool) -> Details:
    """What works on this site. `own`: the template that `template` finds; `embedded`: whether its Hugo has one itself."""
    if own is not None:
        return _as_read(_COMMENT.sub("", files.text(own)))
    return NAMED if embedded else next(_without_shortcode(config))


def others(tried: Details, config: Mapping[str, Any]) -> Iterator[Details]:
    """What is left where a label was lost, as a template may hide how it reads one. The last shows it on every site."""
    calls = (POSITIONAL, NAMED) if tried not in (HTML, HEADING) else ()
    yield from (other for other in (*calls, *_without_shortcode(config)) if other != tried)


def template(modules: Sequence[Module], language: str | None = None) -> Path | None:
    """The `details` shortcode in force for pages of a language, of the site or its themes and modules.

    None where there is none but Hugo's own.
    """
    names = [f"details.{language}.html", "details.html"] if language else ["details.html"]
    paths = [f"{folder}/{name}" for name in names for folder in _FOLDERS]
    return next((f for module in modules for path in paths if (f := module.find(path)) is not None), None)


def _as_read(text: str) -> Details:
    if _READS_POSITION.search(text):
        return POSITIONAL
    read = _names_in(text)
    # Some are open unless told otherwise.
    closed = ' closed="true"' if "closed" in read else ""
    name = next((label for label in _LABELS if label in read), None)
    if name in (None, "summary", "title"):
        return Details(NAMED.open.replace(" >}}", f"{closed} >}}}}"), _CLOSE)
    return Details(f'{{{{< details {name}="%s"{closed} >}}}}', _CLOSE)


def _names_in(text: str) -> set[str]:
    return {(found[1] or found[2]).lower() for found in _READS_NAME.finditer(text)}


def _without_shortcode(config: Mapping[str, Any]) -> Iterator[Details]:
    renderer = (((config.get("markup") or {}).get("goldmark") or {}).get("renderer")) or {}
    if renderer.get("unsafe"):
        yield HTML
    yield HEADING
