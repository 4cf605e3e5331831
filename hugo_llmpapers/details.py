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
_READS_POSITION = re.compile(r"\.Get\s+\(?\s*0\b|index\s+\.Params\s+0\b|\.IsNamedParams")


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


def details(module_dirs: Iterable[Path], config: Mapping[str, Any], *, embedded: bool) -> Details:
    """What works on this site. `module_dirs`: site, themes, modules, in their order of precedence; `embedded`: whether
    its Hugo brings a shortcode of its own."""
    own = template(module_dirs)
    if own is not None:
        reads_position = _READS_POSITION.search(own.read_text(encoding="utf-8", errors="replace"))
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
