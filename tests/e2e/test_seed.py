"""The post that our user published by hand is what the tool writes, byte for byte.

Needs the recorded world that lies beside a developer's checkout; without it these tests are skipped.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hugo_llmpapers.sample.papers import pdf
from tests.conftest import ROOT
from tests.tool import CLOCK, Blog

SHARED = ROOT.parent / "shared"
pytestmark = [
    pytest.mark.figures,
    pytest.mark.skipif(
        not (SHARED / "world" / "world.py").is_file(), reason="the recorded world is not beside this checkout"
    ),
]
SECTION = re.compile(
    r"## \d\. (?P<title>.+?)\n\n- \*\*著者\*\*: (?P<authors>.+?) ほか\n- \*\*公開日\*\*: (?P<published>\S+)\n"
    r".*?arXiv ID\*\*: (?P<arxiv_id>\S+)\n.*?### 要約\n\n(?P<summary>.+?)\n\n\{\{< details .*? >\}\}\n(?P<abstract>.+?)\n\{\{<",
    re.DOTALL,
)


@contextmanager
def world(data: Path, journal: Path, *more: str, clock: str = CLOCK) -> Iterator[str]:
    """The recorded services on a loopback port."""
    command = [sys.executable, str(SHARED / "world" / "world.py"), "--data", str(data), "--journal", str(journal)]
    command += ["--now", clock, *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def environ(url: str) -> dict[str, str]:
    """Points the tool at the world."""
    names = ("ARXIV", "ARXIVPDF", "ARXIVOAI", "SEMANTICSCHOLAR", "HUGGINGFACE")
    return {f"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_{name}": url for name in names} | {
        "ANTHROPIC_BASE_URL": url,
        "ANTHROPIC_API_KEY": "sk-ant-test",
    }


def test_the_seed_comes_out_byte_for_byte(blog: Blog, tmp_path: Path) -> None:
    """Five papers by id, with the seed's dates, authors and summaries: its file, and paper_1.png to paper_5.png."""
    seed = next((SHARED / "seed").iterdir()).read_text(encoding="utf-8")
    papers = [match.groupdict() for match in SECTION.finditer(seed)]
    assert len(papers) == 5
    data = tmp_path / "data"
    shutil.copytree(SHARED / "world" / "data" / "hf", data / "hf")
    rows = [
        {
            "arxiv_id": paper["arxiv_id"],
            "title": paper["title"],
            "abstract": paper["abstract"],
            "authors": [*paper["authors"].split(", "), "A Sixth Author"],
            "published": paper["published"],
            "categories": ["cs.CL"],
        }
        for paper in papers
    ]
    (data / "papers.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    summaries = {paper["arxiv_id"]: paper["summary"] for paper in papers}
    (data / "summaries.json").write_text(json.dumps(summaries), encoding="utf-8")
    # The recorded PDFs stand for any paper, and one of them has no figure; these have one each.
    (tmp_path / "pdfs").mkdir()
    for number, paper in enumerate(papers, 1):
        (tmp_path / "pdfs" / f"{paper['arxiv_id']}.pdf").write_bytes(pdf(number))
    ids = ",".join(paper["arxiv_id"] for paper in papers)
    with world(data, tmp_path / "journal.jsonl", "--pdfs", str(tmp_path / "pdfs")) as url:
        ran = blog.run("new", "2026-02-27", "--ids", ids, environ=environ(url))
    assert ran.code == 0, ran.err
    written = (blog.post() / "index.md").read_bytes()
    assert written.decode().removesuffix("\n") == seed.removesuffix("\n")
    assert sorted(p.name for p in blog.post().glob("*.png")) == [f"paper_{n}.png" for n in range(1, 6)]


@pytest.mark.parametrize("day", ["2026-02-27", "2026-03-01", "2026-03-05"])
def test_a_recorded_day_becomes_a_post(blog: Blog, tmp_path: Path, day: str) -> None:
    """A Friday, a Sunday, a Thursday: five papers of at least two sources; arXiv asked at most once in three seconds."""
    clock = f"{day}T07:02:00+09:00"
    journal = tmp_path / "journal.jsonl"
    with world(SHARED / "world" / "data", journal, clock=clock) as url:
        ran = blog.run("new", day, "--json", environ=environ(url), clock=clock)
    assert ran.code == 0, ran.err
    papers = ran.json()["papers"]
    assert len(papers) == 5
    assert len({paper["source"] for paper in papers}) >= 2
    requests = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    asked = [r["t"] for r in requests if r["service"] in {"arxiv", "oai"}]
    assert all(later - earlier >= 3 for earlier, later in itertools.pairwise(asked))
    assert max(r["concurrent"] for r in requests if r["service"] == "pdf") <= 2
    assert all(r["user_agent"].startswith("hugo-llmpapers/") for r in requests if r["service"] != "claude")
