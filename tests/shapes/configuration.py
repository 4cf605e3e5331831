"""Sites by their configuration: files, folders, environments, themes, modules."""

from __future__ import annotations

from tests.shapes import BASE, LAYOUTS, LIST, PAGE, SINGLE, Shape, archetype, at, below, yaml

_YAML = "baseURL: https://e.org/\nparams:\n  llmpapers:\n    section: notes\n"
_JSON = '{"baseURL": "https://e.org/", "params": {"llmpapers": {"section": "notes"}}}'
_TOML = BASE + '[params.llmpapers]\nsection = "notes"\n'
_NOTES = "content/notes"
_POSITIONAL = "<details><summary>{{ .Get 0 }}</summary>{{ .Inner | markdownify }}</details>"
_CALLED = '{{< details "Abstract" >}}'
_IMPORT = BASE + '[[module.imports]]\npath = "example.org/looks"\n'

FORMATS = tuple(
    Shape(f"config-{name}", {name: text}, section=_NOTES)
    for name, text in (
        ("hugo.toml", _TOML), ("hugo.yaml", _YAML), ("hugo.yml", _YAML), ("hugo.json", _JSON),
        ("config.toml", _TOML), ("config.yaml", _YAML), ("config.json", _JSON),
    )
)  # fmt: skip

FOLDERS = (
    Shape(
        "config-folder",
        {
            "config/_default/hugo.toml": BASE,
            "config/_default/params.yaml": "mainSections: [blog]\nllmpapers:\n  slug: survey\n",
            "config/_default/permalinks.toml": 'blog = "/p/:slug/"\n',
        },
        **at("survey-sample-2026-02-27"),
        section="content/blog",
        post="survey-sample-2026-02-27",
    ),
    Shape(
        "config-environment",
        {
            "config/_default/hugo.toml": BASE,
            "config/production/params.toml": '[llmpapers]\nsection = "live"\n',
            "config/staging/hugo.toml": 'baseURL = "https://staging.e.org/"\ncontentDir = "staged"\n',
            "config/staging/params.toml": '[llmpapers]\nsection = "tries"\n',
        },
        url="https://staging.e.org/llm-papers-sample-2026-02-27/",
        section="staged/tries",
        flags=("-e", "staging"),
    ),
    Shape(
        "config-environment-by-variable",
        {
            "config/_default/hugo.toml": BASE,
            "config/staging/params.toml": '[llmpapers]\nsection = "tries"\n',
        },
        section="content/tries",
        environ={"HUGO_ENVIRONMENT": "staging"},
    ),
    Shape(
        "config-named",
        {"one.toml": BASE, "two.yaml": "params:\n  llmpapers:\n    section: notes\n"},
        flags=("--config", "one.toml,two.yaml"),
        section=_NOTES,
    ),
    Shape(
        "config-variables",
        {"hugo.toml": 'baseURL = "/"\n'},
        environ={"HUGO_BASEURL": "https://e.org/v/", "HUGO_PARAMS_LLMPAPERS_SECTION": "notes"},
        url="https://e.org/v/llm-papers-sample-2026-02-27/",
        section=_NOTES,
    ),
)

THEMES = (
    Shape("theme", {"hugo.toml": BASE + 'theme = "t"\n', **below("themes/t", LAYOUTS)}, layouts=False),
    Shape(
        "theme-with-settings",
        {
            "hugo.toml": BASE + 'theme = "t"\n',
            "themes/t/hugo.toml": 'baseURL = "https://nobody.example/"\n[params.llmpapers]\nsection = "notes"\n',
            **below("themes/t", LAYOUTS),
        },
        layouts=False,
    ),
    Shape(
        "themes-on-top-of-each-other",
        {
            "hugo.toml": BASE + 'theme = ["child", "parent"]\nthemesDir = "looks"\n',
            **below("looks/parent", LAYOUTS),
            "looks/child/theme.toml": 'name = "child"\n',
            "looks/parent/layouts/shortcodes/details.html": _POSITIONAL,
        },
        text=(_CALLED,),
        layouts=False,
    ),
    Shape(
        "module-vendored",
        {
            "hugo.toml": _IMPORT,
            "go.mod": "module example.org/blog\n\ngo 1.22\n\nrequire example.org/looks v1.0.0 // indirect\n",
            "_vendor/modules.txt": "# example.org/looks v1.0.0\n",
            **below("_vendor/example.org/looks", LAYOUTS),
            "_vendor/example.org/looks/layouts/shortcodes/details.html": _POSITIONAL,
            "_vendor/example.org/looks/archetypes/llm-papers.md": yaml("title: of the module"),
        },
        text=(_CALLED, "title: of the module"),
        layouts=False,
    ),
    Shape(
        "module-in-themes",
        {
            "hugo.toml": _IMPORT,
            **below("themes/example.org/looks", LAYOUTS),
            "themes/example.org/looks/archetypes/llm-papers/index.md": archetype(
                "+++\ntitle = 'of the module'\ndate = {{ $post.date }}\nurl = '{{ $post.name }}'\n+++\n"
            ),
        },
        text=("title = 'of the module'",),
        layouts=False,
    ),
)

HABITS = (
    Shape("main-sections", {"hugo.toml": 'mainSections = ["log", "posts"]\n' + BASE}, section="content/log"),
    Shape("main-sections-in-params", {"hugo.toml": BASE + '[params]\nmainSections = ["log"]\n'}, section="content/log"),
    Shape(
        "section-in-section",
        {"hugo.toml": BASE + '[params.llmpapers]\nsection = "blog/papers"\n', "content/blog/_index.md": PAGE},
        section="content/blog/papers",
    ),
    Shape("editor", {"hugo.toml": BASE + 'newContentEditor = "vim"\n'}),
    Shape("git-info", {"hugo.toml": BASE + "enableGitInfo = true\n", "content/a.md": PAGE}, committed=True),
    Shape(
        "few-kinds",
        {"hugo.toml": BASE + 'disableKinds = ["taxonomy", "term", "RSS", "sitemap", "404", "section", "home"]\n'},
    ),
    Shape("files-ignored", {"hugo.toml": BASE + "ignoreFiles = ['\\.foo$', '/drafts/']\n"}),
    Shape(
        "statistics-for-style-sheets",
        {"hugo.toml": BASE + "[build.buildStats]\nenable = true\n", "hugo_stats.json": "{}\n"},
    ),
    Shape("more-than-html", {"hugo.toml": BASE + '[outputs]\npage = ["html", "rss"]\n'}),
    Shape("minified", {"hugo.toml": BASE + "[minify]\nminifyOutput = true\n"}),
    Shape(
        "static-folders",
        {"hugo.toml": BASE + 'staticDir = ["one", "two"]\n', "one/a.txt": "a", "two/b.txt": "b"},
    ),
    Shape("published-elsewhere", {"hugo.toml": BASE + 'publishDir = "docs"\n'}),
    Shape(
        "folders-elsewhere",
        {
            "hugo.toml": BASE + 'archetypeDir = "moulds"\nlayoutDir = "looks"\nassetDir = "stuff"\n',
            "looks/_default/single.html": SINGLE,
            "looks/_default/list.html": LIST,
            "looks/shortcodes/details.html": _POSITIONAL,
            "moulds/llm-papers.md": yaml("title: of the mould"),
        },
        text=("of the mould", _CALLED),
        layouts=False,
    ),
)

CONFIGURATION = FORMATS + FOLDERS + THEMES + HABITS
