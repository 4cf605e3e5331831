"""Sites in which a post would be hidden or incomplete, and Hugo does not say so."""

from __future__ import annotations

from tests.shapes import BASE, PAGE, POST, SINGLE, Trap, archetype, yaml

_SITE = {"hugo.toml": BASE}
_MINE = "archetypes/llm-papers.md"
_HOOK = "layouts/_default/_markup/render-image.html"
_NO_URL = archetype("---\ntitle: x\ndate: {{ $post.date }}\n---\n")
_NESTED = {"hugo.toml": BASE + '[params.llmpapers]\nsection = "blog/papers"\n'}

REFUSED = (
    Trap("swallowed", {**_SITE, "content/posts/index.md": PAGE}, ("posts/index.md makes its folder one page", "_index.md")),
    Trap("swallowed-from-above", {**_NESTED, "content/blog/index.html": PAGE}, ("blog/index.html makes its", "_index.html")),
    Trap("swallowed-by-the-home-page", {**_SITE, "content/index.md": PAGE}, ("content/index.md makes its", "_index.md")),
    Trap("url-of-a-page", {**_SITE, f"content/{POST}.md": PAGE}, (f"{POST}.md has the URL of the post", "another `url`")),
    Trap("page-of-the-same-name", {**_SITE, f"content/posts/{POST}.md": PAGE}, (f"{POST}.md is the same page", "Rename")),
    Trap(
        "url-of-the-section",
        {**_SITE, _MINE: archetype("---\ntitle: x\ndate: {{ $post.date }}\nurl: posts\n---\n")},
        ("makes itself: /posts/", "{{ $post.name }}"),
    ),
    Trap(
        "url-of-the-translation",
        {
            "hugo.toml": BASE + '[languages.en]\nweight = 1\n[languages.ja]\nweight = 2\n',
            f"content/posts/{POST}/index.md": f"---\ntitle: x\nurl: /{POST}/\n---\n",
            _MINE: archetype("---\ntitle: x\ndate: {{ $post.date }}\nurl: /{{ $post.name }}/\n---\n"),
        },
        ("The post has the URL of another page", "{{ $post.name }}"),
        args=("--language", "ja"),
    ),
    Trap(
        "language-that-is-not-there", {"hugo.toml": BASE + "[languages.en]\nweight = 1\n[languages.fr]\nweight = 2\n"},
        ("no language `ja`", "en, fr"), args=("--language", "ja"),
    ),
    Trap(
        "front-matter-that-hugo-refuses", {**_SITE, _MINE: yaml("title: x", "weight: [")},
        ("Hugo cannot", "Fix the archetype"),
    ),
    Trap(
        "template-that-stops-at-the-post",
        {**_SITE, _HOOK: '<img src="{{ (.Page.Resources.GetMatch "none*").RelPermalink }}">', _MINE: yaml("title: x")},
        ("Hugo cannot build the post", "render-image.html", "the template that it names"),
    ),
    Trap(
        "template-that-reports-the-post",
        {**_SITE, _HOOK: '{{ errorf "%s has no good picture" .Page.File.Path }}<img src="{{ .Destination }}">'},
        ("Hugo cannot build the post", "has no good picture"),
    ),
    Trap(
        "archetype-that-asks-what-it-must-not", {**_SITE, _MINE: yaml('title: {{ os.Getenv "HOME" }}')},
        ("archetypes/llm-papers.md:", "HOME", "Fix the archetype"),
    ),
    Trap("no-pages", {"hugo.toml": BASE + 'disableKinds = ["page"]\n'}, ("`disableKinds` names page", "Remove page")),
    Trap(
        "page-ignored", {"hugo.toml": BASE + "ignoreFiles = ['/llm-papers-.*\\.md$']\n"},
        ("`ignoreFiles` has the pattern", "index.md", "narrower"),
    ),
    Trap(
        "module-without-go",
        {"hugo.toml": BASE + '[[module.imports]]\npath = "example.org/looks"\n', "go.mod": "module example.org/blog\n"},
        ('"go" not found', "Install Go", "hugo mod vendor"),
        environ={"PATH": ""},
    ),
    Trap("theme-missing", {"hugo.toml": BASE + 'theme = "nowhere"\n'}, ('"nowhere" not found', "git submodule update")),
    Trap("hugo-too-old", _SITE, ("Hugo 0.111.3", "too old", "0.112.6 or newer"), hugo="0.111.3"),
)  # fmt: skip


def _said(name: str, line: str, *words: str) -> Trap:
    """Return a site with an archetype that has this line and so hides the post."""
    return Trap(name, {**_SITE, _MINE: yaml("title: x", line)}, words, code=0)


HIDDEN = (
    _said("draft", "draft: true", "a draft by its archetype, which", "{{ $post.draft }}", "--buildDrafts"),
    _said("published-later", "publishDate: 2030-01-01", "future until 2030-01-01", "publishDate"),
    _said("expired", "expiryDate: 2020-01-01", "expired on 2020-01-01", "expiryDate"),
    _said("not-rendered", "build: {render: never}", "`build.render` is never", "archetype"),
    _said("not-listed", "build: {list: never}", "`build.list` keeps the post out", "archetype"),
    Trap(
        "future", {**_SITE, _MINE: archetype("---\ntitle: x\ndate: 2026-02-27T23:00:00+09:00\n---\n")},
        ("future until 2026-02-27T23:00:00+09:00", "date: {{ $post.date }}"), code=0,
    ),
    Trap(
        "future-by-its-day", {**_SITE, _MINE: archetype("---\ntitle: x\ndate: {{ $post.day }}\n---\n")},
        ("future until 2026-02-27T00:00:00", "date: {{ $post.date }}"), code=0,
    ),
    Trap(
        "hidden-by-the-section",
        {**_SITE, "content/posts/_index.md": "---\ncascade:\n  build:\n    render: never\n---\n"},
        ("`build.render` is never", "cascade of", "posts/_index.md"), code=0,
    ),
    Trap(
        "unlisted-by-the-home-page",
        {**_SITE, "content/_index.md": "+++\n[cascade.build]\nlist = 'never'\n+++\n"},
        ("`build.list` keeps the post out", "cascade of", "content/_index.md"), code=0,
    ),
    Trap(
        "expired-by-the-section", {**_SITE, "content/posts/_index.md": "---\ncascade:\n  expiryDate: 2021-01-01\n---\n"},
        ("expired on 2021-01-01", "cascade"), code=0,
    ),
    Trap(
        "draft-by-the-section",
        {**_SITE, "content/posts/_index.md": "---\ncascade:\n  draft: true\n---\n", _MINE: yaml("title: x")},
        ("a draft by its archetype or the cascade of", "posts/_index.md", "{{ $post.draft }}"), code=0,
    ),
    Trap(
        "hidden-by-the-configuration", {"hugo.toml": BASE + "[[cascade]]\n[cascade.build]\nrender = 'never'\n"},
        ("`build.render` is never", "configuration"), code=0,
    ),
)  # fmt: skip

LOST = (
    Trap(
        "pictures-beside-an-ugly-url", {"hugo.toml": BASE + "uglyURLs = true\n", _MINE: _NO_URL},
        ("paper_1.png", "paper_2.png", "url: {{ $post.name }}"), code=0,
    ),
    Trap(
        "pictures-ignored", {"hugo.toml": BASE + "ignoreFiles = ['\\.png$']\n"},
        ("`ignoreFiles`", "paper_1.png", "narrower"), code=0,
    ),
    Trap(
        "pictures-not-published",
        {**_SITE, "content/posts/_index.md": "---\ncascade:\n  build:\n    publishResources: false\n---\n"},
        ("`build.publishResources` is false", "posts/_index.md"), code=0,
    ),
    Trap(
        "pictures-looked-for-elsewhere",
        {
            **_SITE,
            _MINE: yaml("title: x"),
            _HOOK: "{{ $src := .Destination }}"
            '{{ if not .Page.Params.usePageBundles }}{{ $src = printf "/images/%s" $src }}{{ end }}<img src="{{ $src }}">',
        },
        ("/images/paper_1.png", "usePageBundles: true"), code=0,
    ),
    Trap(
        "pictures-dropped", {**_SITE, _HOOK: "{{ .Text }}"},
        ("does not show paper_1.png, paper_2.png", "render-image.html"), code=0,
    ),
    Trap(
        "no-template", {**_SITE, "layouts/index.html": SINGLE}, ("shows no page of the post", "template for single pages"),
        code=0, layouts=False,
    ),
)  # fmt: skip

TRAPS = REFUSED + HIDDEN + LOST
