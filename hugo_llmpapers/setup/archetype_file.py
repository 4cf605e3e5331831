"""The archetype that `init` writes: ours, in the site's front matter format and with the theme's entry for a picture.

Themes are recognised by what their templates read, as names are unreliable: there are forks, renamed folders, and the
site's own layouts. https://gohugo.io/content-management/front-matter/
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.post import archetype
from hugo_llmpapers.site import files
from hugo_llmpapers.site.front_matter import Format, format_of
from hugo_llmpapers.site.site import Site

_COVER_KEYS = (
    "cover.image featured_image featuredImage featureImage featuredImg coverImage cover image thumbnail images".split()
)
"""Front matter keys for a post's picture, the most specific first."""
_SOCIAL_CARDS = re.compile(r"_internal/(?:opengraph|twitter_cards)|partial \"(?:opengraph|twitter_cards)\.html\"")
"""Hugo's own templates, which read `images`."""
_MAX_PAGES = 50
_FENCES: Mapping[Format, tuple[str, str]] = {"yaml": ("---", "---"), "toml": ("+++", "+++"), "json": ("{", "}")}
_QUOTED: Mapping[Format, tuple[str, ...]] = {"yaml": (), "toml": ("url",), "json": ("url", "date")}
"""Keys whose value is a template action that needs quotes."""


@dataclass(frozen=True, slots=True)
class Cover:
    """How templates find a post's picture."""

    key: str
    """The front matter key, dotted if nested."""
    by_url: bool
    """Whether its value is a URL path in the site, as in older themes; else a file name in the bundle."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """What the archetype has to follow."""

    format: Format
    theme: str
    """Names of the site's themes, for messages; empty if it has none."""
    cover: Cover | None
    """None if the templates read no key that we know."""
    page_bundles: bool
    """Whether pictures of the bundle are shown only with `usePageBundles: true`."""


def detect(site: Site, module_dirs: Sequence[Path]) -> Conventions:
    """Read the site's templates and pages. `module_dirs`: folders of the site, its themes and modules."""
    templates = [files.read_text(file) for file in files.list_templates(module_dirs)]
    is_set = (site.config.get("params") or {}).get("usepagebundles")
    return Conventions(
        format=_format(site),
        theme=", ".join(_theme_names(site)),
        cover=find_cover(templates),
        page_bundles=not is_set and any("usePageBundles" in text for text in templates),
    )


def find_cover(templates: Sequence[str]) -> Cover | None:
    """Return how these templates find a post's picture."""
    for key in _COVER_KEYS:
        if reading := [text for text in templates if _reads(text, key)]:
            in_bundle = any(".Resources" in text for text in reading)
            return Cover(key, not in_bundle and any(re.search(r"\b(?:rel|abs)URL\b", text) for text in reading))
    return None


def _reads(text: str, key: str) -> bool:
    """Return whether a template reads a key of the page's front matter, not of the site's; Hugo ignores case."""
    read = rf"(?<!site)\.(?:Params\.|Param(?:s)?\s+\"|Param\.){re.escape(key)}(?![\w.])"
    return bool(re.search(read, text, re.IGNORECASE) or (key == "images" and _SOCIAL_CARDS.search(text)))


def _theme_names(site: Site) -> Iterator[str]:
    """Yield the last part of each theme's path that is not a version."""
    for path in site.themes:
        parts = [part for part in re.split(r"[/\\]", path) if part and not re.fullmatch(r"v\d+", part)]
        yield from parts[-1:]


def _format(site: Site) -> Format:
    """Return the format of most pages in the section, else on the site, else of its archetypes, else YAML."""
    for folder in (site.section_dir, *site.language_dirs, archetype.home(site)):
        pages = files.list_files(folder, ".md")[: -_MAX_PAGES - 1 : -1]
        formats = Counter(kind for path in pages if (kind := format_of(files.read_text(path))))
        if formats:
            return formats.most_common(1)[0][0]
    return "yaml"


def is_japanese(language: str) -> bool:
    """Return whether our texts for this language are in Japanese; else they are in English."""
    return language.partition("-")[0] == "ja"


def archetype_text(language: str, conventions: Conventions) -> str:
    """Return our archetype for a language, adapted to the site."""
    before, head, body = archetype.shipped(language).read_text(encoding="utf-8").split("---\n", 2)
    kind, lines = conventions.format, []
    for key, value in (line.split(": ", 1) for line in head.splitlines()):
        if key == "draft":  # the last of ours, so that JSON's commas stay correct
            lines += [_entry("usePageBundles", "true", kind)] if conventions.page_bundles else []
            lines += _commented_cover(conventions, conventions.cover, language) if conventions.cover else []
        lines.append(_entry(key, value, kind))
    if kind == "json":
        lines[-1] = lines[-1].removesuffix(",")
    opening, closing = _FENCES[kind]
    return before + "\n".join([opening, *lines, closing]) + "\n" + body


def _entry(key: str, value: str, kind: Format) -> str:
    """Return one line of front matter. `value`: JSON, or a template action."""
    if key in _QUOTED[kind]:
        value = f'"{value}"'
    return {"yaml": f"{key}: {value}", "toml": f"{key} = {value}", "json": f'  "{key}": {value},'}[kind]


def _commented_cover(conventions: Conventions, cover: Cover, language: str) -> list[str]:
    """Return the lines of a template comment: in one of front matter, actions would be executed, and posts would have it."""
    if is_japanese(language):
        shows = f"{conventions.theme or 'このサイト'} は {cover.key} を記事の画像として使う。"
        why, end = f"{shows}最初の図を使うには、この行と「ここまで」の行を消す。", "ここまで"
    else:
        shows = f"{conventions.theme or 'This site'} shows `{cover.key}` as a post's picture."
        why, end = f'{shows} For the first figure, delete this and the "end" line.', "end"
    first = '{{- range first 1 (where $post.papers "figure" "!=" nil) }}'
    return [f"{{{{- /* {why}", first, _cover_entry(cover, conventions.format), "{{- end }}", f"{end} */}}}}"]


def _cover_entry(cover: Cover, kind: Format) -> str:
    file = "{{ $post.name }}/{{ .figure.file }}" if cover.by_url else "{{ .figure.file }}"
    key, _, inner = cover.key.partition(".")
    if not inner:
        return _entry(key, json.dumps([file] if key == "images" else file), kind)
    if kind == "yaml":
        return f'{key}:\n  {inner}: "{file}"\n  relative: true'
    if kind == "toml":
        return f'{key} = {{ {inner} = "{file}", relative = true }}'
    return _entry(key, json.dumps({inner: file, "relative": True}), kind)
