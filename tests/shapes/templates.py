"""Sites by their templates: archetypes, `details` shortcodes, pictures."""

from __future__ import annotations

from tests.shapes import BASE, PAGE, SINGLE, Shape, archetype, yaml
from tests.tool import hugo_version

_SITE = {"hugo.toml": BASE}
_THEMED = {"hugo.toml": BASE + 'theme = "t"\n', "themes/t/layouts/_default/single.html": SINGLE}
_MINE = "archetypes/llm-papers.md"
_MINE_AS_FOLDER = "archetypes/llm-papers/index.md"

ARCHETYPES = (
    Shape("archetype-in-yaml", {**_SITE, _MINE: yaml("title: mine # yes")}, text=("title: mine # yes\n",)),
    Shape(
        "archetype-in-toml",
        {**_SITE, _MINE: archetype('+++\n# mine\ntitle = "x"\ndate = {{ $post.date }}\nurl = "{{ $post.name }}"\n+++\n')},
        text=("+++\n# mine\n",),
    ),
    Shape(
        "archetype-in-json",
        {**_SITE, _MINE: archetype('{\n  "title": "x",\n  "date": "{{ $post.date }}",\n  "url": "{{ $post.name }}"\n}\n')},
        text=('{\n  "title": "x",',),
    ),
    Shape("archetype-as-folder", {**_SITE, _MINE_AS_FOLDER: yaml("title: mine")}, text=("title: mine",)),
    Shape("archetype-of-theme", {**_THEMED, f"themes/t/{_MINE}": yaml("title: its")}, text=("title: its",), layouts=False),
    Shape(
        "archetype-of-theme-as-folder", {**_THEMED, f"themes/t/{_MINE_AS_FOLDER}": yaml("title: its")},
        text=("title: its",), layouts=False,
    ),
    Shape(
        "archetype-of-site-first",
        {**_THEMED, _MINE_AS_FOLDER: yaml("title: mine"), f"themes/t/{_MINE}": yaml("title: its")},
        text=("title: mine",), layouts=False,
    ),
    Shape(
        "archetype-that-asks-the-site",
        {
            "hugo.toml": BASE + 'title = "My site"\n[params]\nauthor = "me"\n',
            _MINE: yaml(
                "title: {{ .Site.Title }} of {{ .Date | time.Format `2006` }}",
                "author: {{ .Site.Params.author }}",
                'run: {{ os.Getenv "HUGO_RUN" }}',
                "name: {{ .Name }} of {{ .Type }}",
            ),
        },
        environ={"HUGO_RUN": "r7"},
        text=(
            "title: My site of 2026\nauthor: me\nrun: r7\nname: llm-papers-sample-2026-02-27 of llm-papers\n",
        ),
    ),
    Shape(
        "archetype-that-counts-pages",
        {
            **_SITE,
            "content/a.md": "---\ntags: [x]\n---\n",
            "content/posts/b.md": PAGE,
            _MINE: yaml(
                "weight: {{ add 1 (len .Site.RegularPages) }}",
                "tags: [{{ range $tag, $_ := .Site.Taxonomies.tags }}{{ $tag }}{{ end }}]",
            ),
        },
        text=("weight: 3\ntags: [x]\n",),
    ),
    Shape(
        "archetype-of-language", {**_SITE, "archetypes/llm-papers.en.md": yaml("title: mine"), _MINE: yaml("title: other")},
        text=("title: mine",),
    ),
    Shape(
        "archetype-named",
        {"hugo.toml": BASE + '[params.llmpapers]\narchetype = "survey"\n', "archetypes/survey.md": yaml("title: mine")},
        text=("title: mine",),
    ),
)  # fmt: skip

_POSITION = '{{< details "Abstract" >}}'
_SHORTCODES = "_shortcodes" if hugo_version() >= (0, 146) else "shortcodes"
"""Below `layouts`: https://gohugo.io/templates/new-templatesystem-overview/"""
_NAMED = '{{< details summary="Abstract" title="Abstract" >}}'
_FOLD = "<details><summary>%s</summary>{{ .Inner }}</details>"
_NOTHING = _FOLD % "More"
_UNSAFE = BASE + "[markup.goldmark.renderer]\nunsafe = true\n"
_MOUNT = '[[module.mounts]]\nsource = "{}"\ntarget = "{}"\n'


def _details(name: str, template: str, *text: str, **files: str) -> Shape:
    return Shape(f"details-{name}", {**_SITE, "layouts/shortcodes/details.html": template, **files}, text=text)


DETAILS = (
    Shape("details-of-hugo", _SITE, text=(_NAMED if hugo_version() >= (0, 140) else "#### Abstract",)),
    _details("by-position", _FOLD % "{{ .Get 0 }}", _POSITION),
    _details("by-index", _FOLD % "{{ index .Params 0 }}", _POSITION),
    _details("by-summary", _FOLD % '{{ .Get "summary" | markdownify }}', _NAMED),
    _details("by-title", _FOLD % "{{ .Get `title` }}", _NAMED),
    _details("by-heading", _FOLD % '{{ .Get "heading" }}', '{{< details heading="Abstract" >}}'),
    _details("by-name-or-position", _FOLD % '{{ with .Get "summary" }}{{ . }}{{ else }}{{ $.Get 0 }}{{ end }}', _POSITION),
    _details("by-kind-of-parameters", _FOLD % '{{ cond .IsNamedParams (.Get "title") (.Get 0) }}', _POSITION),
    _details("by-entry", "{{ with .Params }}" + _FOLD.replace(".Inner", "$.Inner") % "{{ .title }}" + "{{ end }}", _NAMED),
    _details("by-variable", "{{ $p := .Params }}" + _FOLD % "{{ index $p 0 }}", _POSITION),
    _details(
        "by-partial", '{{ with .Inner }}{{ end }}{{ partial "fold.html" . }}', _POSITION,
        **{"layouts/partials/fold.html": _FOLD % "{{ .Get 0 }}"},
    ),
    _details("not-by-a-comment", "{{/* once .Get 0 */}}" + _FOLD % '{{ .Get "summary" }}', _NAMED),
    _details(
        "open-unless-closed",
        '<details {{ if ne (.Get "closed") "true" }}open{{ end }}><summary>{{ .Get "title" }}</summary>{{ .Inner }}</details>',
        'title="Abstract" closed="true"',
    ),
    Shape(
        "details-without-a-label", {**_SITE, "layouts/shortcodes/details.html": _NOTHING},
        text=("#### Abstract",), said=("shows no label", "details.html"),
    ),
    Shape(
        "details-without-a-label-but-html", {"hugo.toml": _UNSAFE, "layouts/shortcodes/details.html": _NOTHING},
        text=("<details>\n<summary>Abstract</summary>",), said=("shows no label", "details.html"),
    ),
    Shape(
        "details-of-language", {**_SITE, "layouts/shortcodes/details.en.html": _FOLD % "{{ .Get 0 }}"}, text=(_POSITION,)
    ),
    Shape(
        "details-of-theme", {**_THEMED, f"themes/t/layouts/{_SHORTCODES}/details.html": _FOLD % "{{ .Get 0 }}"},
        text=(_POSITION,), layouts=False,
    ),
    Shape(
        "details-of-mount",
        {
            "hugo.toml": BASE + _MOUNT.format("layouts", "layouts") + _MOUNT.format("codes", "layouts/shortcodes"),
            "codes/details.html": _FOLD % "{{ .Get 0 }}",
        },
        text=(_POSITION,),
    ),
)  # fmt: skip

_HOOK = "layouts/_default/_markup/render-image.html"
_BUNDLES_ASKED = (
    '{{ if .Page.Params.usePageBundles }}<img src="{{ .Destination }}">{{ else }}<img src="/images/none.png">{{ end }}'
)
"""As hugo-clarity does."""
_PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def _hooked(name: str, template: str, **other: None) -> Shape:
    """Return a site with a render hook that finds pictures as resources of the page."""
    hook = f"{{{{ with .Page.Resources.Get .Destination }}}}{template}{{{{ end }}}}"
    return Shape(name, {**_SITE, _HOOK: hook}, **other)  # type: ignore[arg-type]


PICTURES = (
    _hooked("pictures-by-hook", '<figure><img loading="lazy" src="{{ .RelPermalink }}" width="{{ .Width }}"></figure>'),
    _hooked("pictures-by-script", f'<img data-src="{{{{ .RelPermalink }}}}" src="{_PIXEL}">'),
    _hooked(
        "pictures-with-fingerprint", '{{ with . | fingerprint "md5" }}<img src="{{ .RelPermalink }}">{{ end }}', images=None
    ),
    _hooked(
        "pictures-resized", '{{ with .Resize "300x webp" }}<img src="{{ .RelPermalink }}" srcset="{{ .RelPermalink }} 300w">{{ end }}',
        images=None,
    ),
    _hooked(
        "pictures-of-many-sizes",
        '<picture><source srcset="{{ (.Resize `300x`).RelPermalink }} 300w"><img src="{{ .RelPermalink }}"></picture>',
    ),
    Shape(
        "pictures-where-bundles-are-asked-for", {**_SITE, _HOOK: _BUNDLES_ASKED}, text=("\nusePageBundles: true\n",)
    ),
    Shape(
        "pictures-by-hugos-own-hook",
        {"hugo.toml": BASE + '[markup.goldmark.renderHooks.image]\nenableDefault = true\n'},
    ),
)  # fmt: skip

TEMPLATES = ARCHETYPES + DETAILS + PICTURES
