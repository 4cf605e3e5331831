"""Targets: what stands in the blog and in the cache, written by people, by Hugo or by an older self."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.pipeline.backfill_state import BackfillState, Planned
from hugo_llmpapers.post import html_reader, kept_post_reader
from hugo_llmpapers.post.kept_post_reader import KeptPost
from hugo_llmpapers.post.kept_posts import KeptPosts
from hugo_llmpapers.post.patch import apply_changes
from hugo_llmpapers.setup import config_block, vscode
from hugo_llmpapers.setup.config_block import Block, CannotInsert
from hugo_llmpapers.site import details_shortcode, history, hugo, math, mounts
from hugo_llmpapers.site.config import settings
from hugo_llmpapers.site.front_matter import format_of
from hugo_llmpapers.site.mounts import parse_mounts
from hugo_llmpapers.sources import arxiv_id
from hugo_llmpapers.web.cache import Cache, forget
from tests.fuzz.services import chosen
from tests.fuzz.target import Target, file, folder, text
from tests.post.test_patch import AFTER, BEFORE

DAY = date(2026, 2, 27)
NOW = datetime(2026, 2, 27, 12, tzinfo=UTC)
_BLOCKS = tuple(
    Block(japanese=japanese, site_values={"language": "ja", "section": "posts"}, newline=newline, params_only=whole)
    for japanese, newline, whole in ((True, "\n", False), (False, "\r\n", True))
)
_RENDERED = 400
_KEYS = ("http", "key")


def _page(data: bytes) -> object:
    found = history.page(file("page/index.md", data))
    ids = (*found.papers, *history.papers_of(found), *history.printed_sources(found))
    assert all(arxiv_id.normalised(one) == one for one in ids), ids
    assert found.url is None or found.url == found.url.strip("/"), found.url
    return found, format_of(text(data)), history.post_of(DAY, "x", (), [found])


def _patch(data: bytes) -> object:
    mine, before, after = [*text(data).split("\x1e"), BEFORE, AFTER][:3]
    # These two are renderings of ours, which have some hundred lines.
    before, after = ("\n".join(one.split("\n")[:_RENDERED]) for one in (before, after))
    done = apply_changes(mine, before, after)
    assert isinstance(done.text, str)
    assert apply_changes(mine, before, before).text == mine
    return done


def _config(data: bytes) -> object:
    """What `hugo config` prints, as far as its types can be anything."""
    config = hugo.parse_config(text(data))
    raw = (config.get("params") or {}).get("llmpapers") if isinstance(config.get("params") or {}, dict) else None
    if isinstance(raw, dict):
        reading = settings.read(raw, {}, settings.SetBy)
        assert set(reading.origins) == set(settings.SETTINGS)
        for problem in reading.problems:
            problem.message.encode("utf-8", "surrogatepass")
    return math.detect_mathematics({"params": config.get("params")}, (), "")


def _modules(data: bytes) -> object:
    return parse_mounts(text(data))


def _rows(data: bytes) -> object:
    return hugo.parse_pages(text(data))


def _toml(data: bytes) -> object:
    return [_with_block(config_block.add_to_toml, text(data), block) for block in _BLOCKS]


def _yaml(data: bytes) -> object:
    return [_with_block(config_block.add_to_yaml, text(data), block) for block in _BLOCKS]


def _with_block(write: Any, given: str, block: Block) -> object:
    made = write(given, block)
    assert config_block.has_settings(made)
    assert len(made) > len(given)
    return made


def _tasks(data: bytes) -> object:
    given = text(data)
    missing = vscode.missing(given)
    made = vscode.add(given, missing, "\n") if missing else given
    assert vscode.missing(made) == {}
    if not vscode.is_blank(given):
        before, after = vscode.parse(given), vscode.parse(made)
        assert after["tasks"][: len(before.get("tasks", []))] == before.get("tasks", []) or before != before  # NaN
    return made


def _cache(data: bytes) -> object:
    """Whatever stands in a file of the cache is an answer or none; a summary out of it is a text or none."""
    store = Cache(folder() / "cache")
    store.put(*_KEYS, b"", NOW, {})
    (path,) = (one for one in (folder() / "cache" / "http").rglob("*") if one.is_file())
    path.write_bytes(data)
    found = store.get(*_KEYS)
    if found is not None:
        assert found.at.tzinfo is not None
        found.is_fresh(NOW, timedelta(1))
    forget(store, DAY, UTC)
    return found


def _memory(data: bytes) -> object:
    kept = KeptPosts(folder() / "memory", "llm-papers")
    file("memory/llm-papers-2026-02-27/files/index.md", b"x")
    file("memory/llm-papers-2026-02-27/manifest.json", data)
    file("memory/days.json", data)
    for one in kept.posts():
        if isinstance(one, KeptPost):
            assert all(Path(name).parts == (Path(name).name,) for name in one.files), one.files
    return kept.settled_days()


def _backfill_state(data: bytes) -> object:
    backfill_state = BackfillState(folder() / "backfill")
    file("backfill/plan-2026-02-27.json", data)
    file("backfill/batch-1.json", data)
    file("backfill/spent-1.json", data)
    planned = backfill_state.planned(DAY)
    assert planned is None or isinstance(planned, Planned)
    return backfill_state.batches(), backfill_state.spent(), planned and planned.first


def _shown(data: bytes) -> object:
    page = file("public/posts/x/index.html", data)
    found = html_reader.read(html_reader.Location("https://x.example/posts/x/", page, folder() / "public", "/"))
    found.has_text("要旨")
    return found.images("paper_1")


def _template(data: bytes) -> object:
    own = file("layouts/details.html", data)
    fold = details_shortcode.details(own, {}, embedded=True)
    assert fold.open.count("%s") + fold.open.count("%[1]s") >= 1, fold.open
    return fold, details_shortcode.call_of(own), math.detect_mathematics({}, (), text(data))


def _mounts(data: bytes) -> object:
    return [mounts.has_mounts(file(f"config/{name}", data)) for name in ("hugo.toml", "hugo.yaml", "module.json")]


def _manifest(**other: object) -> bytes:
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    return json.dumps(
        {"version": kept_post_reader.VERSION, "day": "2026-02-27", "files": {"index.md": digest}, **other}
    ).encode()


def _planned() -> bytes:
    """As a backfill writes it."""
    (folder() / "seed").mkdir(exist_ok=True)
    BackfillState(folder() / "seed").put_planned(Planned(DAY, 5, "x", chosen()))
    return (folder() / "seed" / "plan-2026-02-27.json").read_bytes()


def _spent() -> bytes:
    return json.dumps({"2026-02-27": {"input_tokens": 1, "output_tokens": 2, "usd": None}}).encode()


def _batch() -> bytes:
    question = {"custom_id": "a_b", "day": "2026-02-27", "arxiv_id": "0000.00001", "key": "k", "source": "s"}
    batch = {"number": 1, "model": "m", "before": None, "id": "b", "questions": [question]}
    return json.dumps(batch).encode()


_POST = (
    "---\ntitle: x\ndate: 2026-02-27\nurl: llm-papers-2026-02-27\n---\n\n## 1. 石\n\n- [0000.00001](https://arxiv.org/abs/0000.00001)\n"
    "- [arxiv](https://arxiv.org/abs/0000.00001)\n- [huggingface](https://arxiv.org/abs/cs/0112017)\n![x](paper_1.png)\n"
).encode()
_PAGE = (
    '<!doctype html><base href="/posts/x/"><details><summary>要旨</summary>x</details><img src="paper_1.png" srcset="paper_1.png 1x, '
    'https://[x/paper_1.png 2x" style="background-image: url(paper_1.png)"><div data-url="//x">'
).encode()
_CONFIG = json.dumps(
    {
        "params": {"llmpapers": {"count": 3, "keywords": ["a"], "endpoints": {"arxiv": "http://x"}, "maxcost": "0.5"}, "math": True},
        "languages": {"ja": {}}, "module": {"mounts": [{"source": "content", "target": "content", "lang": "ja"}]},
    }
).encode()  # fmt: skip
_MODULE = b'{"dir": "/x", "mounts": [{"source": "layouts", "target": "layouts"}]}\n{"dir": "/y"}\n'
_LIST = b'path,slug,title,date,expiryDate,publishDate,draft,permalink,kind,section\ncontent/a.md,,"a ""b""",x,y,z,false,https://x/,page,a\n'
_JSONC = b'{\n  // comment\n  "version": "2.0.0",\n  "tasks": [\n    {"label": "a"}, /* b */\n  ],\n}\n'
_JSON = (
    "null",
    "[",
    "]",
    "{",
    "}",
    "[[[[",
    '"\\ud800"',
    "NaN",
    "-1",
    "1" * 40,
    "true",
    '"',
    "\\",
    ",",
    "//",
    "/*",
    "*/",
    ":",
    "\u00a0",
    "\ufeff",
)
_YAML = (
    "params:",
    "- ",
    "  ",
    "\t",
    "&a",
    "*a",
    "<<: *a",
    "!!python/object:x",
    "|",
    ">",
    "? ",
    "{",
    "}",
    "%YAML 1.1",
    "---",
    "...",
    "#",
    "0o7",
    "2026-02-30",
    "[params]",
    '"""',
    "'",
    "[[",
    "]]",
    "=",
    "\x00",
    "1_0",
    "inf",
    "llmpapers:",
)
_NAMES = ('"../../x"', '"/etc/passwd"', '"a\\\\..\\\\b"', '"C:x"', '"\\u0000"', '"."', '""', "2026-02-30")
_PAGE_WORDS = (
    "---",
    "+++",
    "url: ",
    '"url": "',
    "date: ２０２６-０１-０１",
    "[arxiv](https://arxiv.org/abs/",
    ")",
    "\xff",
    "https://arxiv.org/abs/",
    "\r\n",
    "\x1e",
    " ",
)

TARGETS = (
    Target("page", _page, (), (_POST, b'{"url": "/x/"}\n', b"+++\nurl = 'x'\n+++\n"), _PAGE_WORDS),
    Target("patching", _patch, (), (BEFORE.encode(), f"{BEFORE}\x1e{BEFORE}\x1e{AFTER}".encode()), ("\x1e", "\n", "\n\n", "### excerpt", "- id: a")),
    Target("hugo-config", _config, (SetupError,), (_CONFIG, b"x {}"), _JSON),
    Target("hugo-mounts", _modules, (SetupError,), (_MODULE, b""), _JSON),
    Target("hugo-list", _rows, (SetupError,), (_LIST, b"x"), (",", '"', "\r", "\n", "\x00")),
    Target("config-toml", _toml, (ValueError, CannotInsert), (b'baseURL = "x"\n[params]\na = [1, 2.5]\n[params.b]\nc = 2026-02-27\n[[menus.main]]\nname = "x"\n', b"title = 'x'\n"), _YAML),
    Target("config-yaml", _yaml, (ValueError, CannotInsert), (b"baseURL: x\nparams:\n  a: [1, 2]\n  b:\n    c: d\n# e\nmenu: {}\n", b"a: &x 1\nb: *x\n", b"%YAML 1.10\n---\na: 1\n"), _YAML),
    Target("config-mounts", _mounts, (), (b"[[module.mounts]]\nsource = 'a'\n", b"module:\n  mounts:\n  - source: a\n", b'{"mounts": []}', b'{"mounts": ' + b"[" * 2000), _YAML),
    Target("tasks-json", _tasks, (ValueError,), (_JSONC, b"// x\n", b'{"tasks": [{"taskName": "x"}]}'), _JSON),
    Target("cache", _cache, (), (b'{"at": "2026-02-27T12:00:00+00:00", "type": "x", "etag": null}\nbody', b'{"at": "0001-01-01"}', b'{"at": "0001-01-01T00:00:00+14:00"}'), (*_JSON, "9999-12-31T23:59:59-14:00", "\n")),
    Target("memory", _memory, (), (_manifest(), _manifest(files={"../x": "0"}), b'{"2026-02-27": "nothing"}'), (*_JSON, *_NAMES)),
    Target("backfill", _backfill_state, (Failure,), (_batch(), _planned(), _spent()), _JSON),
    Target("shown", _shown, (), (_PAGE,), ("//[", "<base href='http://['>", "<![x[", "paper_1", "srcset=", "url(", "data:", "\x00", "%00", "<summary>", ",", "a" * 300)),
    Target("template", _template, (), (b'{{ .Get "summary" }}{{/* x */}}', b'+++\nmath = true\n+++\n', b'{{ .Get 0 }}'), ("{{", "}}", ".Get ", "0", '"title"', "/*", "*/", "<!--", "-->", "closed", "%", "---", "+++", "math: true")),
)  # fmt: skip
"""By their names for the command line."""
