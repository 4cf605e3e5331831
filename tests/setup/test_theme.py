"""What themes read, according to their templates."""

from __future__ import annotations

import pytest

from hugo_llmpapers.setup.theme import Cover, find_cover


@pytest.mark.parametrize(
    ("template", "cover"),
    [
        ("{{ if .Params.cover.image }}{{ .Resources.GetMatch .Params.cover.image }}{{ end }}", Cover("cover.image", False)),
        ('{{ with .Resources.GetMatch (.Param "cover") }}{{ end }}', Cover("cover", False)),
        ("<img src='{{ .Params.Cover | absURL }}'>", Cover("cover", True)),
        ("{{ with .Resources.GetMatch .Params.cover }}{{ else }}{{ .Params.cover | absURL }}{{ end }}", Cover("cover", False)),
        ("{{ $thumbnail := .page.Params.thumbnail }}{{ $thumbnail | relURL }}", Cover("thumbnail", True)),
        ('{{ partial "image" (dict "Image" $Page.Params.image "Resources" .Resources) }}', Cover("image", False)),
        ("{{ $page.Params.featured_image_preview | default $page.Params.featured_image }}", Cover("featured_image", False)),
        ("{{ range .Params.images }}{{ end }}", Cover("images", False)),
        ('{{ template "_internal/opengraph.html" . }}', Cover("images", False)),
        ('{{ partial "opengraph.html" . }}', Cover("images", False)),
        ("{{ .Site.Params.cover }}{{ site.Params.images }}{{ .Params.coverCaption }}{{ .Params.imagesOff }}", None),
        ("{{ .Params.cover.caption }}", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_key_that_a_template_reads(template: str, cover: Cover | None) -> None:
    """The page's, not the site's; a URL if the template makes one and looks up no file of the bundle."""
    assert find_cover([template]) == cover


def test_the_most_specific_key_is_chosen() -> None:
    """Most themes also read `images`, as URLs for link previews."""
    card = "{{ range .Params.images }}{{ . | absURL }}{{ end }}"
    assert find_cover([card, "{{ .Params.featuredImage }}"]) == Cover("featuredImage", False)
