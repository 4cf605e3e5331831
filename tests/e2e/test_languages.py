"""A post in several languages at once."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.batches import Batches
from tests.conftest import ROOT
from tests.tool import CLOCK, COMMAND, Blog
from tests.upstream import Fault, Upstream

NAME = "llm-papers-2026-02-27"
BASE = 'baseURL = "https://e.org/"\nmainSections = ["posts"]\ndefaultContentLanguage = "ja"\n'
BY_NAME = BASE + "[languages.ja]\nweight = 1\n[languages.en]\nweight = 2\n"
BY_FOLDER = BASE + '[languages.ja]\ncontentDir = "content/ja"\n[languages.en]\ncontentDir = "content/en"\n'
SETTINGS = '[params.llmpapers]\nlanguage = ["ja", "en"]\ncount = 3\n'
PAGE = "<html><body><h1>{{ .Title }}</h1>{{ .Content }}</body></html>"


def _site(folder: Path, config: str) -> Blog:
    root = folder / "blog"
    for name in ("_default/single.html", "_default/list.html", "index.html"):
        (root / "layouts" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "layouts" / name).write_text(PAGE, encoding="utf-8")
    (root / "hugo.toml").write_text(config, encoding="utf-8")
    for name in ("ja", "en"):
        (root / "content" / name).mkdir(parents=True)
    (root / "archetypes").mkdir()
    for name in ("llm-papers.md", "llm-papers.en.md"):
        shutil.copyfile(ROOT / "archetypes" / name, root / "archetypes" / name)
    return Blog(root, folder)


def _pages(blog: Blog) -> dict[str, str]:
    """The posts' texts by path."""
    found = (blog.root / "content").rglob(f"{NAME}/index*.md")
    return {p.relative_to(blog.root / "content").as_posix(): p.read_text(encoding="utf-8") for p in sorted(found)}


def _ids(text: str) -> list[str]:
    return [line.rpartition("/")[2].rstrip(")") for line in text.splitlines() if "arXiv ID" in line]


def test_translations_beside_each_other_share_their_pictures(tmp_path: Path, upstream: Upstream) -> None:
    """One bundle, two pages, one picture for each paper; every summary from the paper itself."""
    blog = _site(tmp_path, BY_NAME + SETTINGS)
    ran = blog.run("new", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    document = ran.json()
    assert [document["status"], document["translations"][0]["status"]] == ["written", "written"]
    folder = blog.post(NAME)
    names = ["index.en.md", "index.md", *(f"paper_{n}.png" for n in (1, 2, 3))]
    assert sorted(p.name for p in folder.iterdir()) == names
    japanese, english = _pages(blog)[f"posts/{NAME}/index.md"], _pages(blog)[f"posts/{NAME}/index.en.md"]
    assert _ids(japanese) == _ids(english) != []
    assert "要約" in japanese
    assert "要約" not in english
    assert "(paper_1.png)" in english
    assert len(upstream.asked("claude")) == 6
    assert len(upstream.asked("arxiv")) == 1
    assert blog.build(tmp_path / "public").code == 0
    assert (tmp_path / "public" / "en" / NAME / "index.html").is_file()
    html = (tmp_path / "public" / "en" / NAME / "index.html").read_text(encoding="utf-8")
    sources = [part.partition('"')[0] for part in html.split('src="')[1:]]
    assert len(sources) == 3
    for source in sources:
        path = tmp_path / "public" / (source.lstrip("/") if source.startswith("/") else f"en/{NAME}/{source}")
        assert path.is_file(), source


def test_a_folder_for_each_language(tmp_path: Path, upstream: Upstream) -> None:
    """Both folders have the whole bundle; again, nothing happens."""
    blog = _site(tmp_path, BY_FOLDER + SETTINGS)
    ran = blog.run("new", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert [Path(line).parent.parent.parent.name for line in ran.out.splitlines()] == ["ja", "en"]
    assert list(_pages(blog)) == [f"en/posts/{NAME}/index.md", f"ja/posts/{NAME}/index.md"]
    assert len(list((blog.root / "content").rglob("paper_*.png"))) == 6
    before, asked = blog.fingerprint(), len(upstream.journal)
    again = blog.run("new", environ=upstream.environ())
    assert (again.code, blog.fingerprint(), len(upstream.journal)) == (0, before, asked)


def test_a_translation_that_is_missing_is_made_of_the_same_papers(tmp_path: Path, upstream: Upstream) -> None:
    """The Japanese post is there; only the English one is written, with its papers and sources."""
    blog = _site(tmp_path, BY_NAME + SETTINGS)
    assert blog.run("new", "--language", "ja", environ=upstream.environ()).code == 0
    japanese = _pages(blog)[f"posts/{NAME}/index.md"]
    ran = blog.run("new", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert _pages(blog)[f"posts/{NAME}/index.md"] == japanese
    assert _ids(_pages(blog)[f"posts/{NAME}/index.en.md"]) == _ids(japanese)


def test_one_language_fails(tmp_path: Path, upstream: Upstream) -> None:
    """Claude is down for the English post: the Japanese one stands, exit 5; the next run writes what is missing."""
    blog = _site(tmp_path, BY_NAME + SETTINGS)
    body = b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'
    upstream.faults["claude"] = Fault(529, body, match="writing in English")
    ran = blog.run("new", "--json", environ=upstream.environ())
    assert ran.code == 5
    assert list(_pages(blog)) == [f"posts/{NAME}/index.md"]
    path = str(blog.post(NAME) / "index.md")
    assert f"{path} is written." in ran.err
    assert "othing was written" not in ran.err
    document = ran.json()
    assert (document["status"], document["written"]) == ("failed", [path])
    assert [post["path"] for post in document["posts"]] == [path]
    assert blog.run("new", "--json", environ=upstream.environ()).json()["written"] == []
    upstream.faults.clear()
    assert blog.run("new", environ=upstream.environ()).code == 0
    assert len(_pages(blog)) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("args", [(), ("--json",)])
def test_ctrl_c_in_the_second_language(tmp_path: Path, upstream: Upstream, args: tuple[str, ...]) -> None:
    """The first language's post is there, and that is said."""
    blog = _site(tmp_path, BY_NAME + SETTINGS)
    upstream.faults["claude"] = Fault(429, b"{}", headers={"retry-after": "15"}, match="writing in English")
    with subprocess.Popen(
        [str(COMMAND), "new", "--no-figures", *args, "--source", str(blog.root), "--clock", CLOCK],
        env={**blog.environ(), **upstream.environ()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as run:
        deadline = time.monotonic() + 150
        while not upstream.met.get("claude") and time.monotonic() < deadline:
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=30)
    assert run.returncode == 130
    path = str(blog.post(NAME) / "index.md")
    assert f"interrupted; {path} is written." in err
    if args:
        document = json.loads(out)
        assert (document["status"], document["written"]) == ("interrupted", [path])
    else:
        assert out == f"{path}{os.linesep}"


@pytest.mark.parametrize(
    ("config", "args", "code", "said"),
    [
        (BASE + SETTINGS, ("new", "--sample"), 3, "The site has one language"),
        (BY_NAME + SETTINGS.replace('"en"', '"fr"'), ("new", "--sample"), 3, "no language `fr`"),
        (BY_NAME + SETTINGS, ("new", "--sample", "--print"), 2, "--print shows one language"),
        (BY_NAME + SETTINGS.replace('"en"', '"e n"'), ("new", "--sample"), 3, "language code"),
    ],
)
def test_languages_that_cannot_be(tmp_path: Path, config: str, args: tuple[str, ...], code: int, said: str) -> None:
    """Said, and nothing is written."""
    blog = _site(tmp_path, config)
    ran = blog.run(*args)
    assert ran.code == code
    assert said in ran.err
    assert list((blog.root / "content").rglob("*.md")) == []


def test_past_days_in_two_languages(tmp_path: Path, upstream: Upstream) -> None:
    """A batch for each language; the translations have the posts' papers."""
    upstream.batches = Batches()
    blog = _site(tmp_path, BY_NAME + SETTINGS.replace("count = 3", "count = 2"))
    ran = blog.run(
        "backfill", "2026-02-27", "2026-02-28", "--yes", "--no-figures",
        environ=upstream.environ(), clock="2026-03-03T07:00:00+09:00",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert [len(batch["requests"]) for batch in upstream.batches.sent] == [4, 4]
    for day in ("27", "28"):
        folder = blog.post(f"llm-papers-2026-02-{day}")
        texts = [(folder / name).read_text(encoding="utf-8") for name in ("index.md", "index.en.md")]
        assert _ids(texts[0]) == _ids(texts[1])
        assert len(_ids(texts[0])) == 2


def _shown(blog: Blog, public: Path, page: str) -> list[bytes]:
    """The pictures that a built page shows, in order; empty bytes for one that is not there."""
    assert blog.build(public).code == 0
    html = (public / page / "index.html").read_text(encoding="utf-8")
    sources = [part.partition('"')[0] for part in html.split('src="')[1:]]
    paths = [public / (s.lstrip("/") if s.startswith("/") else f"{page}/{s}") for s in sources]
    return [path.read_bytes() if path.is_file() else b"" for path in paths]


@pytest.mark.parametrize("args", [("--reselect",), ("--no-figures",), ("--reselect", "--count", "1")])
def test_writing_one_language_again_leaves_the_others_pictures(
    tmp_path: Path, upstream: Upstream, args: tuple[str, ...]
) -> None:
    """The translation shows what it showed, and the new post shows its own papers' pictures or none."""
    blog = _site(tmp_path, BY_NAME + SETTINGS)
    assert blog.run("new", environ=upstream.environ()).code == 0
    before = _shown(blog, tmp_path / "before", f"en/{NAME}")
    assert len(set(before)) == 3
    ran = blog.run("new", "--force", "--language", "ja", *args, environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert _shown(blog, tmp_path / "after", f"en/{NAME}") == before
    japanese = _shown(blog, tmp_path / "again", NAME)
    assert b"" not in japanese
    assert not set(japanese) & set(before)
    assert bool(japanese) == ("--no-figures" not in args)
    # And with both written again nothing of the first posts is left over.
    ran = blog.run("new", "--force", environ=upstream.environ())
    assert ran.code == 0, ran.err
    shown = {f"({p.name})" for p in blog.post(NAME).glob("paper_*")}
    assert shown == {f"({name})" for text in _pages(blog).values() for name in re.findall(r"\]\((paper_[^)]+)\)", text)}


@pytest.mark.parametrize("config", [BY_NAME, BY_FOLDER], ids=["by name", "by folder"])
def test_a_translation_by_hand_keeps_its_pictures(tmp_path: Path, upstream: Upstream, config: str) -> None:
    """It shows pictures of the Japanese post, which Hugo hands to it from wherever that is."""
    blog = _site(tmp_path, config + SETTINGS)
    assert blog.run("new", "--language", "ja", environ=upstream.environ()).code == 0
    page = blog.root / "content" / (f"posts/{NAME}/index.en.md" if config == BY_NAME else f"en/posts/{NAME}/index.md")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"---\ntitle: mine\nurl: {NAME}\n---\n![mine](paper_2.png)\n", encoding="utf-8")
    before = _shown(blog, tmp_path / "before", f"en/{NAME}")
    assert b"" not in before
    ran = blog.run("new", "--force", "--reselect", "--language", "ja", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert _shown(blog, tmp_path / "after", f"en/{NAME}") == before
