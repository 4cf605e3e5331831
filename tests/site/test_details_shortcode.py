"""How a label is passed: as the template in use reads it, else without a shortcode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.site.details_shortcode import HEADING, HTML, NAMED, POSITIONAL, alternatives, details, find_template
from hugo_llmpapers.site.mounts import Module

UNSAFE = {"markup": {"goldmark": {"renderer": {"unsafe": True}}}}


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("{{ .Get 0 }}", '{{< details "%s" >}}'),
        ("{{ index .Params 0 }}", '{{< details "%s" >}}'),
        ('{{ .Get "title" | default (.Get 0) }}', '{{< details "%s" >}}'),
        ('{{ .Get "summary" }}', '{{< details summary="%[1]s" title="%[1]s" >}}'),
        ("{{ .Params.title }}", '{{< details summary="%[1]s" title="%[1]s" >}}'),
        ('{{ .Get `title` }}{{ .Get "closed" }}', '{{< details summary="%[1]s" title="%[1]s" closed="true" >}}'),
        ('{{ .Get "header" }}', '{{< details header="%s" >}}'),
        ('{{/* .Get 0 */}}{{ .Get "summary" }}', '{{< details summary="%[1]s" title="%[1]s" >}}'),
        ("{{ .Inner }}", '{{< details summary="%[1]s" title="%[1]s" >}}'),
    ],
)
def test_a_template_is_called_as_it_reads(tmp_path: Path, text: str, call: str) -> None:
    """By position if it is read, else by name; comments do not count."""
    file = tmp_path / "details.html"
    file.write_text(text, encoding="utf-8")
    assert details(file, {}, embedded=True).open == call


@pytest.mark.parametrize(
    ("config", "embedded", "expected"),
    [({}, True, NAMED), (UNSAFE, True, NAMED), ({}, False, HEADING), (UNSAFE, False, HTML)],
)
def test_without_a_template(config: dict[str, Any], embedded: bool, expected: object) -> None:
    """Hugo's own since 0.140; before, HTML only if the site allows it."""
    assert details(None, config, embedded=embedded) == expected


def test_the_last_alternative_is_a_heading() -> None:
    """It shows on every site; HTML is tried only if it is allowed."""
    assert list(alternatives(NAMED, {})) == [POSITIONAL, HEADING]
    assert list(alternatives(POSITIONAL, UNSAFE)) == [NAMED, HTML, HEADING]
    assert list(alternatives(HEADING, {})) == []


def test_the_first_module_that_has_a_template_wins(tmp_path: Path) -> None:
    """The site before its theme; the post's language before all."""
    paths = ["site/layouts/shortcodes/details.html", "theme/codes/details.html", "theme/codes/details.ja.html"]
    for path in paths:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("", encoding="utf-8")
    site = Module(tmp_path / "site", ((tmp_path / "site" / "layouts", "layouts"),))
    theme = Module(tmp_path / "theme", ((tmp_path / "theme" / "codes", "layouts/shortcodes"),))
    assert find_template([site, theme], "en") == tmp_path / paths[0]
    assert find_template([theme], "en") == tmp_path / paths[1]
    assert find_template([theme], "ja") == tmp_path / paths[2]
    assert find_template([], "en") is None
