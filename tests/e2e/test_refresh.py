"""`refresh` fills gaps and touches nothing else."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hugo_llmpapers.sample.papers import papers
from tests.tool import Blog
from tests.upstream import Fault, Upstream


def _without_key(upstream: Upstream) -> dict[str, str]:
    return {k: v for k, v in upstream.environ().items() if k != "ANTHROPIC_API_KEY"}


@pytest.mark.figures
def test_excerpts_become_summaries_and_figures_come_in(blog: Blog, upstream: Upstream) -> None:
    """A post written without a key and with arXiv's PDFs down is, afterwards, the post that `new` would have written."""
    upstream.faults["pdf"] = Fault(404, b"<html>", "text/html")
    assert blog.run("new", environ=_without_key(upstream)).code == 0
    index = blog.post() / "index.md"
    before = index.read_text(encoding="utf-8")
    assert before.count("### 抜粋") == 5
    upstream.faults.clear()
    ran = blog.run("refresh", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    done = ran.json()
    assert (done["summaries"], done["figures"], done["missed"]) == (5, 5, 0)
    assert (Path(done["backup"]) / "index.md").read_text(encoding="utf-8") == before
    assert sorted(p.name for p in blog.post().iterdir()) == ["index.md", *(f"paper_{n}.png" for n in range(1, 6))]
    refreshed = index.read_bytes()
    assert blog.run("new", "--force", environ=upstream.environ()).code == 0
    assert index.read_bytes() == refreshed


def test_every_byte_that_the_owner_edited_stays(blog: Blog, upstream: Upstream) -> None:
    """Only the gaps are filled: the owner has rewritten one summary and added a paragraph and a tag."""
    assert blog.run("new", "--no-figures", environ=_without_key(upstream)).code == 0
    index = blog.post() / "index.md"
    text = index.read_text(encoding="utf-8")
    first = text.split("### 抜粋（論文の要旨より、原文）\n\n")[1].split("\n")[0]
    mine = (
        text.replace(first, "わたしの要約。")
        .replace('tags: ["LLM"', 'tags: ["mine", "LLM"')
        .replace("## 2.", "ひとこと。  \n\n## 2.")
    )
    index.write_bytes(mine.encode())
    (blog.post() / "cover.jpg").write_bytes(b"mine")
    ran = blog.run("refresh", "--no-figures", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert (ran.json()["summaries"], ran.json()["missed"]) == (4, 0)
    after = index.read_text(encoding="utf-8")
    changed = [line for line in difflib.ndiff(mine.split("\n"), after.split("\n")) if line.startswith(("- ", "+ "))]
    removed = [line[2:] for line in changed if line.startswith("- ")]
    assert "わたしの要約。" in after
    assert "ひとこと。  \n" in after
    assert len([line for line in removed if line.startswith("### 抜粋")]) == 4
    assert len(removed) == 9  # four headings, four excerpts, and the introduction's sentence about them
    assert "Claude APIで日本語要約を生成しています。ただし「抜粋」とある論文の文章は" in after
    assert (blog.post() / "cover.jpg").read_bytes() == b"mine"


def test_a_post_without_gaps_is_not_changed(blog: Blog, upstream: Upstream) -> None:
    """Nothing to fill in: no call of Claude, no byte changed, exit 0."""
    assert blog.run("new", environ=upstream.environ()).code == 0
    paid, before = len(upstream.asked("claude")), blog.fingerprint()
    ran = blog.run("refresh", environ=upstream.environ())
    assert (ran.code, ran.out) == (0, f"{blog.post() / 'index.md'}\n")
    assert "Nothing to add: all summaries are there." in ran.err
    assert blog.fingerprint() == before
    assert len(upstream.asked("claude")) == paid


def test_a_day_without_a_post_is_an_error(blog: Blog, upstream: Upstream) -> None:
    """Exit 1, with the command that writes it."""
    ran = blog.run("refresh", "2026-02-20", environ=upstream.environ())
    assert ran.code == 1
    assert "hugo-llmpapers new" in ran.err
    assert upstream.journal == []


def test_claude_down_leaves_the_post(blog: Blog, upstream: Upstream) -> None:
    """Exit 5, and no byte changed."""
    assert blog.run("new", "--no-figures", environ=_without_key(upstream)).code == 0
    before = blog.fingerprint()
    upstream.faults["claude"] = Fault(
        529, b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'
    )
    assert blog.run("refresh", environ=upstream.environ()).code == 5
    assert blog.fingerprint() == before


def test_an_accusation_fills_no_gap(blog: Blog, upstream: Upstream) -> None:
    """Claude accuses an author at every call: the excerpts stay."""
    assert blog.run("new", "--ids", "0000.00003", "--no-figures", environ=_without_key(upstream)).code == 0
    before = (blog.post() / "index.md").read_bytes()
    slander = papers()["0000.00003"].summary["ja"] + "第二著者は研究不正で懲戒処分を受けた。"
    text = json.dumps({"summary": slander}, ensure_ascii=False)
    message: dict[str, object] = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "x",
        "stop_reason": "end_turn",
    }
    message |= {"content": [{"type": "text", "text": text}], "usage": {"input_tokens": 900, "output_tokens": 400}}
    upstream.faults["claude"] = Fault(body=json.dumps(message).encode())
    ran = blog.run("refresh", "--no-figures", "--json", environ=upstream.environ())
    assert ran.json()["summaries"] == 0
    assert "checks" in json.dumps(ran.json())
    assert (blog.post() / "index.md").read_bytes() == before


def test_a_single_file_of_another_tool_is_not_touched(blog: Blog, upstream: Upstream) -> None:
    """It is not a bundle, and its folder has other pages."""
    other = blog.root / "content" / "posts" / "x.md"
    other.write_text("---\nurl: llm-papers-2026-02-27\n---\nhttps://arxiv.org/abs/0000.00001\n", encoding="utf-8")
    before = blog.fingerprint()
    assert blog.run("refresh", environ=upstream.environ()).code == 1
    assert blog.fingerprint() == before


def test_windows_line_ends_stay(blog: Blog, upstream: Upstream) -> None:
    """As git may check posts out there."""
    assert blog.run("new", "--no-figures", environ=_without_key(upstream)).code == 0
    index = blog.post() / "index.md"
    index.write_bytes(index.read_bytes().replace(b"\n", b"\r\n"))
    assert blog.run("refresh", "--no-figures", "--json", environ=upstream.environ()).json()["summaries"] == 5
    text = index.read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n") > 50


def test_with_credit_lines_the_introduction_stays_true(blog: Blog, upstream: Upstream) -> None:
    """Existing figures keep their credit line, and the summaries are filled in."""
    environ = {"HUGO_PARAMS_LLMPAPERS_FIGURECREDIT": "true"}
    assert blog.run("new", "--count", "2", environ=_without_key(upstream) | environ).code == 0
    done = blog.run("refresh", "--json", environ=upstream.environ() | environ).json()
    assert (done["summaries"], done["missed"]) == (2, 0)
    text = (blog.post() / "index.md").read_text(encoding="utf-8")
    assert "Claude API" in text
    assert "### 抜粋" not in text


def test_the_introduction_claims_no_summary_that_is_not_there(blog: Blog, upstream: Upstream) -> None:
    """The owner has edited all headings: no summary is filled in, and the introduction does not mention Claude."""
    assert blog.run("new", "--no-figures", environ=_without_key(upstream)).code == 0
    index = blog.post() / "index.md"
    text = index.read_text(encoding="utf-8").replace("### 抜粋", "### わたしの抜粋")
    index.write_text(text, encoding="utf-8", newline="\n")
    done = blog.run("refresh", "--no-figures", "--json", environ=upstream.environ()).json()
    assert done["summaries"] == 0
    assert done["missed"] >= 1
    assert index.read_text(encoding="utf-8") == text


@pytest.mark.figures
def test_a_deleted_section_shifts_no_figure(blog: Blog, upstream: Upstream) -> None:
    """The section that moved up gets no second figure."""
    assert blog.run("new", environ=upstream.environ()).code == 0
    index = blog.post() / "index.md"
    text = index.read_text(encoding="utf-8")
    start, end = text.index("## 2."), text.index("## 3.")
    index.write_text(text[:start] + text[end:], encoding="utf-8", newline="\n")
    (blog.post() / "paper_2.png").unlink()
    before = blog.fingerprint()
    assert blog.run("refresh", environ=upstream.environ()).code == 0
    assert blog.fingerprint() == before


def _link_above(text: str) -> str:
    return text.replace(
        "\n## 1.", "\n[先に](https://arxiv.org/abs/" + text.split("arxiv.org/abs/")[-1][:10] + ")\n\n## 1."
    )


def _no_headings(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith("## "))


@pytest.mark.parametrize("edit", [_link_above, _no_headings])
def test_edits_around_the_papers_hide_none(blog: Blog, upstream: Upstream, edit: Callable[[str], str]) -> None:
    """The owner has linked the last paper above the first, or deleted the headings: all excerpts become summaries."""
    assert blog.run("new", "--count", "3", "--no-figures", environ=_without_key(upstream)).code == 0
    index = blog.post() / "index.md"
    index.write_text(edit(index.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    done = blog.run("refresh", "--no-figures", "--json", environ=upstream.environ()).json()
    assert (done["summaries"], done["missed"]) == (3, 0)
    assert "Claude APIで日本語要約を生成しています。\n" in index.read_text(encoding="utf-8")


def test_a_text_of_unknown_kind_leaves_no_untrue_introduction(blog: Blog, upstream: Upstream) -> None:
    """The owner has replaced the last excerpt and its heading, so that only the introduction tells what it was."""
    assert blog.run("new", "--count", "2", "--no-figures", environ=_without_key(upstream)).code == 0
    index = blog.post() / "index.md"
    above, _, below = index.read_text(encoding="utf-8").rpartition("### 抜粋")
    index.write_text(above + "### 感想\n\nよい。\n" + below.split("\n", 3)[3], encoding="utf-8", newline="\n")
    done = blog.run("refresh", "--no-figures", "--json", environ=upstream.environ()).json()
    assert (done["summaries"], done["missed"]) == (1, 0)
    text = index.read_text(encoding="utf-8")
    assert "Claude API" in text
    assert "日本語要約ではありません" not in text


def test_a_claim_in_an_edited_introduction_keeps_the_excerpts(blog: Blog, upstream: Upstream) -> None:
    """The owner has added to the line that says that there are no summaries, so it would become untrue."""
    assert blog.run("new", "--count", "2", "--no-figures", environ=_without_key(upstream)).code == 0
    index = blog.post() / "index.md"
    text = index.read_text(encoding="utf-8").replace(
        "日本語要約ではありません。", "日本語要約ではありません。ご了承ください。"
    )
    index.write_text(text, encoding="utf-8", newline="\n")
    done = blog.run("refresh", "--no-figures", "--json", environ=upstream.environ()).json()
    assert (done["summaries"], done["missed"]) == (0, 1)
    assert index.read_text(encoding="utf-8") == text
