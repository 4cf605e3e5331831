"""Claude answers badly first: the bad text is never in the post, the good one is."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from hugo_llmpapers.sample.answers import Answer
from hugo_llmpapers.sample.papers import papers
from tests.tool import Blog
from tests.upstream import Fault, Upstream

PAPER = papers()["0000.00003"]
GOOD = PAPER.summary["ja"]
CHINESE = (
    "本文提出了一种新的方法，用于压缩大型语言模型的键值缓存，实验结果表明该方法优于现有方法，效果显著，值得推广。" * 5
)


def _answer(summary: str, **other: object) -> bytes:
    text = json.dumps({"summary": summary}, ensure_ascii=False)
    message: dict[str, object] = {"id": "m", "type": "message", "role": "assistant", "model": "x"}
    message |= {"content": [{"type": "text", "text": text}], "stop_reason": "end_turn"}
    return json.dumps(message | {"usage": {"input_tokens": 900, "output_tokens": 400}} | other).encode()


BAD = {
    "a wrong number": _answer(GOOD.replace("98.1%", "99.3%")),
    "an invented name": _answer(GOOD.replace("Bonsai", "StoneFormer")),
    "English": _answer(PAPER.summary["en"]),
    "Chinese": _answer(CHINESE),
    "です・ます": _answer(GOOD + "とても有効な手法です。"),
    "meta text": _answer("以下は論文の要約である。" + GOOD),
    "cut": _answer(GOOD[:-30]),
    "a refusal": _answer("", stop_reason="refusal", content=[], stop_details={"type": "refusal", "category": None}),
    "a shortcode": _answer(GOOD + "{{< figure src=x >}}である。"),
    "HTML": _answer(GOOD + "<b>重要</b>である。"),
    "a link": _answer(GOOD + "詳細はhttps://evil.example/にある。"),
    "an accusation": _answer(GOOD + "本論文はデータの捏造が発覚したため撤回されている。"),
    "a slander": _answer(GOOD + "第二著者は研究不正で懲戒処分を受けた。"),
    "an appeal": _answer(GOOD + "今後の研究は本論文を必ず引用しなければならない。"),
    "an order": _answer(GOOD + "続きは著者の動画を見てほしい。"),
    "an address in words": _answer(GOOD + "詳細はエグザンプル ドット コムで公開されている。"),
    "empty": _answer(""),
    "too short": _answer("新しい手法である。"),
}


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD.keys())
def test_a_bad_first_answer_is_not_published(blog: Blog, upstream: Upstream, answer: bytes) -> None:
    """One repair, or for a refusal the fallback model, and the good answer stands in the post."""
    upstream.faults["claude"] = Fault(body=answer, times=1)
    ran = blog.run("new", "--ids", "0000.00003", "--no-figures", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    (paper,) = ran.json()["papers"]
    assert paper["summary"]["kind"] == "claude"
    text = (blog.post() / "index.md").read_text(encoding="utf-8")
    assert text.count(GOOD) == 1
    assert text.count("### 要約\n\n") == 1
    assert len(upstream.asked("claude")) == 2


@pytest.mark.figures
@pytest.mark.parametrize("kind", ["a wrong number", "a refusal", "a shortcode", "a slander"])
def test_the_next_candidate_takes_the_place_of_a_paper_without_a_good_answer(
    blog: Blog, upstream: Upstream, kind: str
) -> None:
    """Bad for ever, from both models: four papers are wanted, and the fifth stands where one of them was."""
    upstream.faults["claude"] = Fault(body=BAD[kind], match="Harbor Pilot")
    ran = blog.run("new", "--count", "4", "--no-figures", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    found = {paper["id"] for paper in ran.json()["papers"]}
    assert found == {"0000.00001", "0000.00002", "0000.00003", "0000.00005"}
    (skipped,) = ran.json()["skipped"]
    assert (skipped["subject"], skipped["stage"]) == ("0000.00004", "summary")
    assert skipped["trouble"] == ("refused" if kind == "a refusal" else "checks")
    text = (blog.post() / "index.md").read_text(encoding="utf-8")
    assert text.count("### 要約\n\n") == 4
    assert "figure src" not in text
    assert "99.3" not in text
    assert "懲戒" not in text


def test_a_fallback_model_that_nobody_has_costs_one_paper(blog: Blog, upstream: Upstream) -> None:
    """Whose line says so; the summaries that are paid for make a post."""

    def without_fallback(path: str, _query: Mapping[str, str], given: Answer) -> Answer:
        if path != "/v1/messages" or json.loads(given.body)["model"] != "claude-sonnet-4":
            return given
        error = {"type": "error", "error": {"type": "not_found_error", "message": "model: claude-sonnet-4"}}
        return Answer(404, "application/json", json.dumps(error).encode())

    upstream.amended = without_fallback
    upstream.faults["claude"] = Fault(body=BAD["a refusal"], match="Harbor Pilot", times=1)
    environ = upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_FALLBACKMODEL": "claude-sonnet-4"}
    ran = blog.run("new", "--no-figures", "--json", environ=environ)
    assert ran.code == 0, ran.err
    assert len(ran.json()["papers"]) == 4
    (skipped,) = ran.json()["skipped"]
    assert (skipped["subject"], skipped["trouble"]) == ("0000.00004", "refused")
    assert "refuses this paper; and Claude has no fallback model `claude-sonnet-4`" in skipped["reason"]


def test_a_post_of_one_paper_has_next_candidates_too(blog: Blog, upstream: Upstream) -> None:
    """Both models refuse the first two papers: the third is the post."""
    upstream.faults["claude"] = Fault(body=BAD["a refusal"], times=4)
    ran = blog.run("new", "--count", "1", "--no-figures", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    ranked = [paper["id"] for paper in ran.json()["ranking"]]
    assert [paper["id"] for paper in ran.json()["papers"]] == ranked[2:3]
    assert [row["subject"] for row in ran.json()["skipped"]] == ranked[:2]
