"""How this site folds an abstract away: what its `details` shortcode reads, or what stands in for it.

Hugo's own `details` takes `summary=`, themes read `title=` or the first position, and a label passed the wrong way is
lost without a word. So the template that is in force is read. https://gohugo.io/shortcodes/details/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDERS = ("layouts/_shortcodes", "layouts/shortcodes")
SHORTCODE = "layouts/shortcodes/details.html"
"""Where a site's own stands; `layouts/_shortcodes` is not looked at by a Hugo before 0.146."""
_READS_POSITION = re.compile(r"\.Get\s+\(?\s*0\b|index\s+\.Params\s+0\b|\.IsNamedParams")
_READS_NAME = re.compile(
    r"(?:\.Get\s+\(?\s*|index\s+\.Params\s+)[\"`](?:summary|title)[\"`]|\.Params\.(?:summary|title)\b", re.IGNORECASE
)


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
{{- /* A closed fold: its label is the first argument, or summary="…"; what stands inside is Markdown. */ -}}
{{- $label := "" -}}
{{- if .IsNamedParams }}{{ $label = .Get "summary" | default (.Get "title") }}{{ else }}{{ $label = .Get 0 }}{{ end -}}
<details>
<summary>{{ $label | default "Details" }}</summary>
{{ .Page.RenderString (dict "display" "block") .Inner }}
</details>
"""
"""For a site that has none: as in the format that we write, and as Hugo's own is called since 0.140."""


def find_template(module_dirs: Iterable[Path]) -> Path | None:
    """The shortcode's template of the site, its theme or its modules, in their order of precedence."""
    return next(
        (f for root in module_dirs for folder in _FOLDERS if (f := root / folder / "details.html").is_file()), None
    )


def takes_label(template: Path) -> bool:
    """Whether it reads the label in a way that we can pass it."""
    text = template.read_text(encoding="utf-8", errors="replace")
    return _READS_POSITION.search(text) is not None or _READS_NAME.search(text) is not None


def details(module_dirs: Iterable[Path], config: Mapping[str, Any], *, embedded: bool) -> Details:
    """What works on this site. `module_dirs`: site, themes, modules, in their order of precedence; `embedded`: whether
    its Hugo brings a shortcode of its own."""
    template = find_template(module_dirs)
    if template is not None:
        reads_position = _READS_POSITION.search(template.read_text(encoding="utf-8", errors="replace"))
        return POSITIONAL if reads_position else NAMED
    if embedded:
        return NAMED
    renderer = (((config.get("markup") or {}).get("goldmark") or {}).get("renderer")) or {}
    return HTML if renderer.get("unsafe") else HEADING


def template(module_dirs: Iterable[Path]) -> Path | None:
    """The `details` shortcode in force, of the site or its themes and modules; None where there is none but Hugo's own."""
    return next(
        (f for root in module_dirs for folder in _FOLDERS if (f := root / folder / "details.html").is_file()), None
    )
