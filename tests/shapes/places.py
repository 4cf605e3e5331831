"""Sites by the folder, URL and date of their posts."""

from __future__ import annotations

from tests.shapes import BASE, PAGE, POST, Shape, archetype, at

_NO_URL = archetype("---\ntitle: 論文だより\ndate: {{ $post.date }}\n---\n")
_MOUNT = '[[module.mounts]]\nsource = "{}"\ntarget = "{}"\n'
_OTHERS = _MOUNT.format("layouts", "layouts") + _MOUNT.format("archetypes", "archetypes")
_SRC = _MOUNT.format("src", "content")


def _mounted(name: str, mounts: str, section: str, *folders: str) -> Shape:
    files = {f"{folder}/a.md": PAGE for folder in folders}
    return Shape(name, {"hugo.toml": BASE + mounts, **files}, section=section)


MOUNTS = (
    _mounted("mount", _SRC + _OTHERS, "src/posts", "src"),
    _mounted(
        "mount-of-the-section", _MOUNT.format("content", "content") + _MOUNT.format("articles", "content/posts"),
        "articles", "articles", "content",
    ),
    _mounted("mount-of-another-section", _MOUNT.format("content", "content") + _MOUNT.format("n", "content/notes"),
             "content/posts", "n", "content"),
    _mounted("mount-with-a-filter", _SRC + 'excludeFiles = ["**/*.txt"]\n' + _OTHERS, "src/posts", "src"),
    _mounted(
        "mount-of-assets", _MOUNT.format("content", "content") + _MOUNT.format("media", "assets") + _OTHERS,
        "content/posts", "content", "media",
    ),
    Shape(
        "mount-in-a-configuration-folder",
        {
            "config/_default/hugo.toml": BASE,
            "config/_default/module.toml": _SRC.replace("module.", ""),
            "src/a.md": PAGE,
        },
        section="src/posts",
    ),
    Shape(
        "mount-in-yaml",
        {
            "hugo.yaml": "baseURL: https://e.org/\nmodule:\n  mounts:\n  - source: src\n    target: content\n",
            "src/a.md": PAGE,
        },
        section="src/posts",
    ),
    _mounted("a-word-about-mounts", 'contentDir = "pages"\n[params]\nmounts = "none"\n', "pages/posts", "pages"),
    Shape(
        "mount-of-static-files",
        {
            "hugo.toml": BASE + _MOUNT.format("content", "content") + _MOUNT.format("files", "static") + _OTHERS,
            "content/a.md": PAGE,
            "files/a.txt": "a",
        },
    ),
    _mounted("content-outside", 'contentDir = "../pages"\n', "../pages/posts", "../pages"),
    _mounted("content-elsewhere", 'contentDir = "site/pages"\n', "site/pages/posts", "site/pages"),
    _mounted("content-not-there-yet", 'contentDir = "pages"\n', "pages/posts"),
)  # fmt: skip

URLS = (
    Shape("url-with-path", {"hugo.toml": 'baseURL = "https://e.org/sub/path/"\n'}, url=f"https://e.org/sub/path/{POST}/"),
    Shape(
        "url-with-path-relative", {"hugo.toml": 'baseURL = "https://e.org/sub"\nrelativeURLs = true\n'},
        url=f"https://e.org/sub/{POST}/",
    ),
    Shape(
        "url-with-path-canonical", {"hugo.toml": 'baseURL = "https://e.org/sub/"\ncanonifyURLs = true\n'},
        url=f"https://e.org/sub/{POST}/",
    ),
    Shape("url-without-host", {"hugo.toml": 'baseURL = "/"\n'}, url=f"/{POST}/"),
    Shape("ugly-urls", {"hugo.toml": BASE + "uglyURLs = true\n"}),
    Shape("ugly-urls-of-the-section", {"hugo.toml": BASE + "[uglyURLs]\nposts = true\n"}),
    Shape(
        "permalinks",
        {"hugo.toml": BASE + '[permalinks]\nposts = "/:year/:month/:slug/"\n', "archetypes/llm-papers.md": _NO_URL},
        **at("2026/02/論文だより"),
    ),
    Shape(
        "permalinks-of-pages",
        {"hugo.toml": BASE + '[permalinks.page]\nposts = "/:sections/x/:title/"\n', "archetypes/llm-papers.md": _NO_URL},
        **at("posts/x/論文だより"),
    ),
    Shape("no-url", {"hugo.toml": BASE, "archetypes/llm-papers.md": _NO_URL}, **at(f"posts/{POST}")),
    Shape(
        "slug-with-capitals", {"hugo.toml": BASE + '[params.llmpapers]\nslug = "LLM-Digest"\n'},
        **at("LLM-Digest-sample-2026-02-27"), post="LLM-Digest-sample-2026-02-27",
    ),
    Shape(
        "section-with-space",
        {"hugo.toml": BASE + '[params.llmpapers]\nsection = "My Notes"\n', "archetypes/llm-papers.md": _NO_URL},
        **at(f"my-notes/{POST}"), section="content/My Notes",
    ),
)  # fmt: skip


def _dated(name: str, zone: str, written: str, *, front: str = "", clock: str = "", machine: str = "UTC") -> Shape:
    """Return a site in one time zone on a machine in another, and the date that its post must have."""
    files = {"hugo.toml": BASE + (f'timeZone = "{zone}"\n' if zone else "")}
    if front:
        files["archetypes/llm-papers.md"] = archetype(front)
    at_time = {"clock": clock} if clock else {}
    return Shape(name, files, environ={"TZ": machine}, text=(written,), **at_time)  # type: ignore[arg-type]


_TOML = '+++\ntitle = "x"\ndate = {}\nurl = "{{{{ $post.name }}}}"\n+++\n'
_JSON = '{{ "title": "x",\n "date": "{{{{ $post.date }}}}",\n "url": "{{{{ $post.name }}}}" }}\n'.format()
_MORNING = "2026-02-27T07:01:00+09:00"

DATES = (
    _dated("date-without-zone", "", f"\ndate: {_MORNING}\n"),
    _dated("date-without-zone-in-japan", "", f"\ndate: {_MORNING}\n", machine="Asia/Tokyo"),
    _dated("date-without-zone-in-the-evening", "", "\ndate: 2026-02-27\n", clock="2026-02-27T20:00:00+09:00"),
    _dated("date-in-japan", "Asia/Tokyo", "\ndate: 2026-02-27\n", machine="America/Los_Angeles"),
    _dated("date-in-utc", "UTC", "\ndate: 2026-02-27\n", clock="2026-02-27T09:01:00+09:00", machine="Asia/Tokyo"),
    _dated("date-in-kiribati", "Pacific/Kiritimati", "\ndate: 2026-02-27\n", clock="2026-02-26T22:00:00+00:00"),
    _dated("date-on-any-machine", "Local", f"\ndate: {_MORNING}\n", machine="Asia/Tokyo"),
    _dated("date-in-toml", "", f"\ndate = {_MORNING}\n", front=_TOML.format("{{ $post.date }}")),
    _dated("date-in-toml-quoted", "", f'\ndate = "{_MORNING}"\n', front=_TOML.format('"{{ $post.date }}"')),
    _dated("date-bare-in-toml", "Asia/Tokyo", "\ndate = 2026-02-27\n", front=_TOML.format("{{ $post.date }}")),
    _dated("date-in-json", "", f'"date": "{_MORNING}"', front=_JSON),
    _dated("date-of-now", "", "\ndate: 2026-02-26T22:02:00Z\n", front="---\ntitle: x\ndate: {{ .Date }}\nurl: {{ $post.name }}\n---\n"),
    Shape("date-of-a-language", {"hugo.toml": BASE + '[languages.en]\ntimeZone = "Asia/Tokyo"\n[languages.ja]\nweight = 2\n'}, text=("\ndate: 2026-02-27\n",)),
)  # fmt: skip

PLACES = MOUNTS + URLS + DATES
