"""Sites in several languages: by folder, by file name, by host, by mount."""

from __future__ import annotations

from typing import Any

from tests.shapes import BASE, PAGE, POST, Shape, at

_JA = "原文Abstract"
_BY_FILE = 'defaultContentLanguage = "en"\n[languages.en]\nweight = 1\n[languages.ja]\nweight = 2\n'
_BY_FOLDER = 'defaultContentLanguage = "en"\n[languages.en]\ncontentDir = "content/en"\n[languages.ja]\ncontentDir = "content/ja"\n'
_PAGES = {"content/en/a.md": PAGE, "content/ja/a.md": PAGE}
_MOUNT = '[[module.mounts]]\nsource = "texts/{0}"\ntarget = "content"\nlang = "{0}"\n'


def _in_japanese(name: str, config: str, files: dict[str, str] | None = None, **other: Any) -> Shape:
    """Return a site with a Japanese post below /ja/."""
    return Shape(name, {"hugo.toml": BASE + config, **(files or {})}, label=_JA, **(at(f"ja/{POST}") | other))


def _with_key(name: str, key: str) -> Shape:
    """Return a site whose default language has an unusual key."""
    config = f'defaultContentLanguage = "{key}"\n[languages."{key}"]\ncontentDir = "content/{key}"\n'
    config += '[languages.fr]\ncontentDir = "content/fr"\n'
    return Shape(name, {"hugo.toml": BASE + config, f"content/{key}/a.md": PAGE}, section=f"content/{key}/posts")


SEVERAL = (
    Shape(
        "languages-by-folder-default",
        {"hugo.toml": BASE + _BY_FOLDER, **_PAGES},
        section="content/en/posts",
    ),
    _in_japanese(
        "languages-by-folder", _BY_FOLDER, _PAGES, args=("--language", "ja"), section="content/ja/posts",
    ),
    _in_japanese(
        "languages-by-folder-all-in-subdir",
        'defaultContentLanguage = "ja"\ndefaultContentLanguageInSubdir = true\n'
        '[languages.ja]\ncontentDir = "content/ja"\n[languages.en]\ncontentDir = "content/en"\n',
        _PAGES,
        section="content/ja/posts",
    ),
    Shape(
        "languages-by-folder-but-one",
        {"hugo.toml": BASE + '[languages.en]\ncontentDir = "english"\n[languages.ja]\nweight = 2\n'},
        section="english/posts",
    ),
    Shape("languages-by-file-name-default", {"hugo.toml": BASE + _BY_FILE}),
    _in_japanese(
        "languages-by-file-name", _BY_FILE, args=("--language", "ja"), index="index.ja.md",
        **at(f"ja/{POST}", suffix=".ja"),
    ),
    Shape(
        "languages-by-host",
        {
            "hugo.toml": 'defaultContentLanguage = "en"\n[languages.en]\nbaseURL = "https://en.e.org/"\n'
            '[languages.ja]\nbaseURL = "https://ja.e.org/"\n'
        },
        args=("--language", "ja"),
        index="index.ja.md",
        label=_JA,
        **at(POST, "https://ja.e.org/", host="ja", suffix=".ja"),
    ),
    Shape(
        "languages-by-host-default",
        {
            "hugo.toml": 'defaultContentLanguage = "en"\n[languages.en]\nbaseURL = "https://en.e.org/"\n'
            '[languages.ja]\nbaseURL = "https://ja.e.org/"\n'
        },
        **at(POST, "https://en.e.org/", host="en"),
    ),
    Shape(
        "languages-by-host-and-folder",
        {
            "hugo.toml": 'defaultContentLanguage = "en"\n'
            '[languages.en]\nbaseURL = "https://e.org/en/"\ncontentDir = "content/en"\n'
            '[languages.ja]\nbaseURL = "https://e.jp/blog/"\ncontentDir = "content/ja"\n',
            **_PAGES,
        },
        args=("--language", "ja"),
        section="content/ja/posts",
        label=_JA,
        **at(POST, "https://e.jp/blog/", host="ja"),
    ),
    _in_japanese(
        "languages-by-mount",
        _BY_FILE + _MOUNT.format("en") + _MOUNT.format("ja"),
        {"texts/en/a.md": PAGE, "texts/ja/a.md": PAGE},
        args=("--language", "ja"),
        section="texts/ja/posts",
    ),
    _in_japanese(
        "language-with-settings", _BY_FOLDER + '[languages.ja.params.llmpapers]\nsection = "ki"\n', _PAGES,
        args=("--language", "ja"), section="content/ja/ki",
    ),
    _in_japanese(
        "languages-by-variable", _BY_FILE, {"japanese/a.md": PAGE}, environ={"HUGO_LANGUAGES_JA_CONTENTDIR": "japanese"},
        args=("--language", "ja"), section="japanese/posts",
    ),
    _in_japanese(
        "languages-in-files-of-their-own", 'defaultContentLanguage = "en"\n',
        {
            "config/_default/languages.en.toml": 'contentDir = "content/en"\n',
            "config/_default/languages.ja.yaml": "contentDir: content/ja\n",
            **_PAGES,
        },
        args=("--language", "ja"), section="content/ja/posts",
    ),
    _in_japanese(
        "languages-and-a-mount-of-the-section",
        _BY_FILE + _MOUNT.format("en") + _MOUNT.format("ja") + _MOUNT.format("ja").replace("texts/ja", "notes")
        .replace('"content"', '"content/posts"'),
        {"texts/en/a.md": PAGE, "texts/ja/a.md": PAGE, "notes/b.md": PAGE},
        args=("--language", "ja"), section="notes",
    ),
    _with_key("language-key-with-region", "pt-br"),
    _with_key("language-key-with-capitals", "zh-Hans"),
    _with_key("language-key-with-underscore", "en_us"),
)  # fmt: skip

ONE = (
    Shape(
        "one-language-with-folder",
        {
            "hugo.toml": BASE + 'defaultContentLanguage = "ja"\n[languages.ja]\ncontentDir = "content/ja"\n',
            "content/ja/a.md": PAGE,
        },
        section="content/ja/posts",
        label=_JA,
    ),
    _in_japanese(
        "one-language-in-subdir",
        'defaultContentLanguage = "ja"\ndefaultContentLanguageInSubdir = true\n[languages.ja]\nweight = 1\n',
    ),
    Shape("one-language-by-its-locale", {"hugo.toml": BASE + 'languageCode = "ja-JP"\n'}, label=_JA),
    Shape(
        "one-language-and-one-disabled",
        {
            "hugo.toml": BASE
            + 'defaultContentLanguage = "ja"\n[languages.ja]\nweight = 1\n[languages.fr]\ndisabled = true\n'
        },
        label=_JA,
    ),
)

LANGUAGES = SEVERAL + ONE
