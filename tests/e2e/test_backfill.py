"""Past days at once, their summaries in batches."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hugo_llmpapers.sample.papers import papers
from tests.batches import Batches
from tests.tool import COMMAND, Blog, Result
from tests.upstream import Fault, Upstream, Wire

CLOCK = "2026-03-03T07:00:00+09:00"
DAYS = ("2026-02-27", "2026-03-01")
POSTS = ["llm-papers-2026-02-27", "llm-papers-2026-02-28"]
"""Two papers in each; the third day is a Sunday that has none left."""
ARGUMENTS = ("backfill", *DAYS, "--count", "2", "--no-figures")


@pytest.fixture
def batching(upstream: Upstream) -> Upstream:
    """The services, Claude with batches."""
    upstream.batches = Batches()
    return upstream


def _batches(upstream: Upstream) -> Batches:
    assert upstream.batches is not None
    return upstream.batches


def _run(blog: Blog, upstream: Upstream, *args: str) -> Result:
    return blog.run(*ARGUMENTS, *(args or ("--yes",)), environ=upstream.environ(), clock=CLOCK)


def _single_calls(upstream: Upstream) -> int:
    return sum(row["path"] == "/v1/messages" for row in upstream.asked("claude"))


def _papers(blog: Blog) -> list[int]:
    return [
        (blog.post(name) / "index.md").read_text(encoding="utf-8").count("**arXiv ID**")
        for name in blog.posts()
        if name.startswith("llm-papers")
    ]


def _all_there(blog: Blog) -> bool:
    return blog.posts() == ["_index.md", *POSTS] and _papers(blog) == [2, 2]


def test_one_batch_for_all_days(blog: Blog, batching: Upstream, tmp_path: Path) -> None:
    """Two posts, each paper once, one batch at half the price; a second run asks and writes nothing."""
    ran = _run(blog, batching)
    assert ran.code == 0, ran.err
    assert [Path(line).parent.name for line in ran.out.splitlines()] == POSTS
    assert _all_there(blog)
    assert len(_batches(batching).sent) == 1
    assert len(set(_batches(batching).asked())) == 4
    assert all("." not in name for name in _batches(batching).asked())
    assert _single_calls(batching) == 0
    assert "4 summaries to pay for, by claude-sonnet-5-5 in batches" in ran.err
    assert blog.build(tmp_path / "public").code == 0
    before, sources = blog.fingerprint(), len(batching.asked("arxiv"))
    again = _run(blog, batching)
    assert again.code == 0
    assert blog.fingerprint() == before
    assert (len(_batches(batching).sent), len(batching.asked("arxiv"))) == (1, sources)
    assert not [p.name for p in blog.home.rglob("*") if p.name.startswith(("plan-", "batch-"))]


@pytest.mark.parametrize("day", DAYS)
def test_a_post_that_is_a_single_file(blog: Blog, batching: Upstream, day: str) -> None:
    """Whichever day it is of: that day has its post, and the others are written."""
    page = blog.root / "content" / "posts" / f"llm-papers-{day}.md"
    page.write_text(f'---\ntitle: "Mine"\ndate: {day}\nurl: "/llm-papers-{day}/"\n---\nText.\n', encoding="utf-8")
    ran = _run(blog, batching)
    assert ran.code == 0, ran.err
    assert f"{day}  already exists: {page}" in ran.err
    assert len(ran.out.splitlines()) == 2
    assert len(_batches(batching).asked()) == 4


def test_half_the_price(blog: Blog, batching: Upstream) -> None:
    """The reported cost is that of the batch, at batch prices."""
    document = _run(blog, batching, "--yes", "--json").json()
    taken = document["usage"]
    assert taken["usd"] == pytest.approx((taken["input_tokens"] * 2 + taken["output_tokens"] * 10) / 2 / 1e6)
    assert [post["status"] for post in document["posts"]] == ["2 papers", "2 papers", "nothing to publish"]


def test_the_plan_pays_and_writes_nothing(blog: Blog, batching: Upstream) -> None:
    """--dry-run: days, papers, price; what was chosen is not chosen again."""
    before = blog.fingerprint()
    ran = _run(blog, batching, "--dry-run", "--json")
    assert ran.code == 0, ran.err
    document = ran.json()
    assert (document["status"], document["to_ask"], document["in_batch"]) == ("planned", 4, True)
    assert 0 < document["usage"]["usd"] < 0.1
    assert blog.fingerprint() == before
    assert _batches(batching).sent == []
    asked = len(batching.asked("arxiv"))
    assert _run(blog, batching).code == 0
    assert len(batching.asked("arxiv")) == asked


def test_papers_chosen_without_a_source_are_chosen_again(blog: Blog, batching: Upstream) -> None:
    """As long as nothing is sent to Claude, a later run asks the sources again and reports which failed."""
    batching.faults["huggingface"] = Fault(404, b"")
    first = _run(blog, batching, "--dry-run", "--json")
    assert [row["subject"] for row in first.json()["skipped"]] == ["huggingface"]
    assert _run(blog, batching, "--dry-run", "--json").json()["skipped"] == first.json()["skipped"]
    batching.faults.clear()
    asked = len(batching.asked("huggingface"))
    well = _run(blog, batching, "--dry-run", "--json")
    assert len(batching.asked("huggingface")) > asked
    assert well.json()["skipped"] == []
    asked = len(batching.journal)
    assert _run(blog, batching, "--dry-run", "--json").json()["posts"] == well.json()["posts"]
    assert all(row["service"] == "claude" for row in batching.journal[asked:])


def test_papers_that_claude_was_asked_about_stay(blog: Blog, batching: Upstream) -> None:
    """Also if a source failed when they were chosen, which is reported again; no paper is in two posts."""
    two_days = ("backfill", DAYS[0], "2026-02-28", "--count", "2", "--no-figures", "--yes")
    batching.faults["huggingface"] = Fault(404, b"")
    _batches(batching).instead = _instead({"type": "expired"})
    ran = blog.run(*two_days, environ=batching.environ(), clock=CLOCK)
    assert ran.code == 5
    batching.faults.clear()
    _batches(batching).instead = lambda _text, _number: None
    asked = len(batching.asked("huggingface"))
    again = blog.run(*two_days, environ=batching.environ(), clock=CLOCK)
    assert again.code == 0, again.err
    assert len(batching.asked("huggingface")) == asked
    assert "(on 1 of 1 days)" in again.err
    assert _all_there(blog)


def test_a_backfill_that_an_older_version_began(blog: Blog, batching: Upstream) -> None:
    """It has read a batch, and begun calls: the papers stay, the batch is not read again, and no file is left."""
    batching.faults["huggingface"] = Fault(404, b"")
    planned = _run(blog, batching, "--dry-run", "--json").json()
    folder = next(blog.home.rglob("plan-*.json")).parent
    cost = {"input_tokens": 900, "output_tokens": 100, "usd": 0.01}
    old = {"number": 1, "model": "m", "before": None, "id": "gone", "questions": [], "paid": {DAYS[0]: cost}}
    (folder / "batch-1.json").write_text(json.dumps(old))
    (folder / "calls-2026-02-28.json").write_text(json.dumps(cost))
    batching.faults.clear()
    ran = _run(blog, batching, "--yes", "--json")
    assert ran.code == 0, ran.err
    assert [post["papers"] for post in ran.json()["posts"][:2]] == [post["papers"] for post in planned["posts"][:2]]
    assert list(folder.glob("*.json")) == []


def test_it_asks_before_it_pays(blog: Blog, batching: Upstream) -> None:
    """Without a terminal and without --yes: exit 2 before anybody is asked."""
    ran = blog.run(*ARGUMENTS, environ=batching.environ(), clock=CLOCK)
    assert ran.code == 2
    assert "--dry-run" in ran.err
    assert batching.journal == []


@pytest.mark.skipif(sys.platform == "win32", reason="terminals")
@pytest.mark.parametrize(("typed", "code", "sent"), [(b"n\n", 1, 0), (b"y\n", 0, 1)])
def test_consent_on_a_terminal(blog: Blog, batching: Upstream, typed: bytes, code: int, sent: int) -> None:
    """No is no."""
    import pty

    master, slave = pty.openpty()
    with subprocess.Popen(
        [str(COMMAND), *ARGUMENTS, "--source", str(blog.root), "--clock", CLOCK],
        env={**blog.environ(), **batching.environ()}, stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as run:  # fmt: skip
        os.write(master, typed)
        run.communicate(timeout=120)
    os.close(slave)
    os.close(master)
    assert run.returncode == code
    assert len(_batches(batching).sent) == sent


def _requests(upstream: Upstream, method: str, end: str) -> bool:
    return any(r["method"] == method and str(r["path"]).endswith(end) for r in upstream.asked("claude"))


MOMENTS: dict[str, Callable[[Blog, Upstream], bool]] = {
    "papers are being chosen": lambda _blog, upstream: bool(upstream.asked("arxiv")),
    "the batch is sent": lambda _blog, upstream: _requests(upstream, "POST", "/batches"),
    "the batch is waited for": lambda _blog, upstream: _requests(upstream, "GET", "/msgbatch_1"),
    "the results come": lambda _blog, upstream: _requests(upstream, "GET", "/results"),
    "the first post is there": lambda blog, _upstream: POSTS[0] in blog.posts(),
    "the second post is there": lambda blog, _upstream: POSTS[1] in blog.posts(),
}


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_and_run_again(blog: Blog, batching: Upstream, moment: str) -> None:
    """kill -9: no question is paid for twice, no post is half."""
    with subprocess.Popen(
        [str(COMMAND), *ARGUMENTS, "--yes", "--source", str(blog.root), "--clock", CLOCK],
        env={**blog.environ(), **batching.environ()}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as run:  # fmt: skip
        deadline = time.monotonic() + 60
        while not MOMENTS[moment](blog, batching) and time.monotonic() < deadline:
            time.sleep(0.002)
        run.send_signal(signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL
    ran = _run(blog, batching)
    assert ran.code == 0, ran.err
    assert _all_there(blog)
    assert len(_batches(batching).asked()) == len(set(_batches(batching).asked())) == 4
    assert _single_calls(batching) == 0


def test_a_batch_that_was_accepted_without_confirmation(blog: Blog, batching: Upstream) -> None:
    """Sending it gives HTTP 500: the batch is found, and not sent again."""
    _batches(batching).fails_after_taking = True
    ran = _run(blog, batching)
    assert ran.code == 0, ran.err
    assert "checking whether it was accepted" in ran.err
    assert len(_batches(batching).sent) == 1
    assert _all_there(blog)


def test_broken_results_are_read_again(blog: Blog, batching: Upstream) -> None:
    """A stream that ends in the middle."""
    _batches(batching).cuts_results = 1
    assert _run(blog, batching).code == 0
    assert _all_there(blog)
    assert len(_batches(batching).sent) == 1


BAD = papers()["0000.00001"]


def _instead(result: dict[str, object], batch: int | None = None) -> Callable[[str, int], dict[str, object] | None]:
    """This result for one of the papers, in one of the batches or in all."""
    title = BAD.title.split(":")[0]
    return lambda text, number: result if title in text and batch in (None, number) else None


def _said(text: str, **other: object) -> dict[str, object]:
    message: dict[str, object] = {"id": "m", "type": "message", "role": "assistant", "model": "x"}
    message |= {"content": [{"type": "text", "text": json.dumps({"summary": text}, ensure_ascii=False)}]}
    message |= {"stop_reason": "end_turn", "usage": {"input_tokens": 900, "output_tokens": 400}}
    return {"type": "succeeded", "message": message | other}


def test_only_what_failed_is_asked_again(blog: Blog, batching: Upstream) -> None:
    """The service fails for one paper: a second batch has only that one."""
    error = {"type": "error", "error": {"type": "api_error", "message": "Internal server error"}}
    _batches(batching).instead = _instead({"type": "errored", "error": error}, batch=1)
    ran = _run(blog, batching)
    assert ran.code == 0, ran.err
    assert [len(batch["requests"]) for batch in _batches(batching).sent] == [4, 1]
    assert _all_there(blog)


def test_a_missing_answer_is_an_error(blog: Blog, batching: Upstream) -> None:
    """One paper expires in every batch: its post is not written, the others are, exit 5, and the next run has only it."""
    _batches(batching).instead = _instead({"type": "expired"})
    ran = _run(blog, batching)
    assert ran.code == 5
    assert "1 of 2 posts could not be written" in ran.err
    assert len([name for name in blog.posts() if name in POSTS]) == 1
    assert [len(batch["requests"]) for batch in _batches(batching).sent] == [4, 1, 1]
    _batches(batching).instead = lambda _text, _number: None
    again = _run(blog, batching)
    assert again.code == 0, again.err
    assert [len(batch["requests"]) for batch in _batches(batching).sent] == [4, 1, 1, 1]
    assert _all_there(blog)


def test_a_bad_answer_is_repaired_by_a_call(blog: Blog, batching: Upstream) -> None:
    """The batch's answer fails its checks: it is never in the post, and the first question is not paid for again."""
    _batches(batching).instead = _instead(_said(BAD.summary["ja"] + "精度は99.3%である。"))
    ran = _run(blog, batching)
    assert ran.code == 0, ran.err
    calls = [json.loads(str(r["body"])) for r in batching.asked("claude") if r["path"] == "/v1/messages"]
    assert [len(call["messages"]) for call in calls] == [3]
    text = "".join((blog.post(name) / "index.md").read_text(encoding="utf-8") for name in POSTS)
    assert "99.3%" not in text
    assert _all_there(blog)


def test_failed_answers_are_reported_and_not_paid_for_again(blog: Blog, batching: Upstream) -> None:
    """Two of three days: the batch's answers fail, and so do all calls after them; maxCost counts them all over the runs."""

    def bad(wire: Wire) -> None:
        single = wire.url.endswith("/v1/messages")
        body = json.dumps(_said("no")["message"]).encode() if single else wire.right.body
        head = f"HTTP/1.1 {wire.right.status} OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        wire.out.write(f"{head}connection: close\r\n\r\n".encode() + body)

    def again(*args: str) -> Result:
        return blog.run(
            "backfill", *DAYS, "--count", "1", "--no-figures", *args, environ=batching.environ(), clock=CLOCK
        )

    good = again("--dry-run", "--json").json()["posts"][0]["papers"][0]
    title = papers()[good].title.split(":")[0]
    _batches(batching).instead = lambda text, _number: None if title in text else _said("no")
    batching.faults["claude"] = Fault(by=bad)
    ran = again("--yes", "--json")
    document = ran.json()
    assert (ran.code, document["status"], document["trouble"]) == (1, "failed", "checks"), ran.err
    assert (len(_batches(batching).asked()), _single_calls(batching)) == (3, 14)
    assert document["usage"]["output_tokens"] >= 8 * 400
    assert document["usage"]["usd"] >= 7 * (900 * 2 + 400 * 10) / 1e6
    assert f"${document['usage']['usd']:.4f}" in ran.err
    assert document["posts"][0]["status"] == "1 paper"
    later = again("--yes", "--json")
    assert later.code == 1
    assert "0 summaries to pay for" in later.err
    assert later.json()["usage"] == {"input_tokens": 0, "output_tokens": 0, "usd": 0}
    assert "Try another `model`" in later.json()["remedy"]
    # What is left of 0.055 is less than a call of this model can cost: the batch's answer alone would have left enough.
    assert again("--yes", "--max-cost", "0.055", "--model", "claude-opus-5-5").code == 1
    assert (len(_batches(batching).asked()), _single_calls(batching)) == (3, 14)


def test_a_refusal_goes_to_the_fallback_model(blog: Blog, batching: Upstream) -> None:
    """It is paid for once: the model that refused is not asked again."""
    refusal = _said("", stop_reason="refusal", content=[], stop_details={"type": "refusal", "category": "frontier_llm"})
    _batches(batching).instead = _instead(refusal)
    ran = _run(blog, batching)
    assert ran.code == 0, ran.err
    calls = [json.loads(str(r["body"])) for r in batching.asked("claude") if r["path"] == "/v1/messages"]
    assert [call["model"] for call in calls] == ["claude-sonnet-5"]
    assert _all_there(blog)


def test_a_cancelled_batch_ends_it(blog: Blog, batching: Upstream) -> None:
    """It was cancelled in the Console: nothing is sent again in this run."""
    with subprocess.Popen(
        [str(COMMAND), *ARGUMENTS, "--yes", "--source", str(blog.root), "--clock", CLOCK],
        env={**blog.environ(), **batching.environ()}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
    ) as run:  # fmt: skip
        while not _batches(batching).sent and run.poll() is None:
            time.sleep(0.002)
        _batches(batching).sent[0]["canceled"] = True
        err = run.communicate(timeout=120)[1]
    assert run.returncode == 1
    assert "was cancelled" in err
    assert len(_batches(batching).sent) == 1
    assert _run(blog, batching).code == 0
    assert _all_there(blog)


def test_without_batches_there_are_calls(blog: Blog, upstream: Upstream) -> None:
    """An endpoint without batches: the plan says so, and each paper is one call."""
    ran = _run(blog, upstream)
    assert ran.code == 0, ran.err
    assert "one by one, as the endpoint takes no batches" in ran.err
    assert _single_calls(upstream) == 4
    assert _all_there(blog)


def test_the_most_that_a_post_may_cost(blog: Blog, batching: Upstream) -> None:
    """The budget covers the worst case of one question: one paper of each post at a time, still in batches."""
    ran = _run(blog, batching, "--yes", "--max-cost", "0.03", "--json")
    assert ran.code == 0, ran.err
    assert [len(batch["requests"]) for batch in _batches(batching).sent] == [2, 2]
    assert ran.json()["usage"]["usd"] < 2 * 0.03


def test_claude_down(blog: Blog, batching: Upstream) -> None:
    """Nothing is sent and nothing written."""
    batching.faults["claude"] = Fault(
        529, b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'
    )
    ran = _run(blog, batching)
    assert ran.code == 5
    assert "Claude is overloaded (HTTP 529)" in ran.err
    assert blog.posts() == ["_index.md"]


def test_a_wrong_key(blog: Blog, batching: Upstream) -> None:
    """Exit 3 before a batch."""
    batching.faults["claude"] = Fault(
        401, b'{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}'
    )
    ran = _run(blog, batching)
    assert ran.code == 3
    assert "invalid x-api-key" in ran.err


def test_a_batch_that_is_gone(blog: Blog, batching: Upstream) -> None:
    """Deleted, or sent with another key: an error names its file, and it is not sent again."""
    _batches(batching).instead = _instead({"type": "expired"})
    with subprocess.Popen(
        [str(COMMAND), *ARGUMENTS, "--yes", "--source", str(blog.root), "--clock", CLOCK],
        env={**blog.environ(), **batching.environ()}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as run:  # fmt: skip
        while not _requests(batching, "GET", "/msgbatch_1") and run.poll() is None:
            time.sleep(0.002)
        run.kill()
    _batches(batching).sent.clear()
    ran = _run(blog, batching)
    assert ran.code == 1
    assert "batch-1.json" in ran.err
    assert _batches(batching).sent == []


def test_without_a_key_there_are_excerpts(blog: Blog, batching: Upstream) -> None:
    """No cost, no question, no batch."""
    ran = blog.run(*ARGUMENTS, "--yes", environ={**batching.environ(), "ANTHROPIC_API_KEY": ""}, clock=CLOCK)
    assert ran.code == 0, ran.err
    assert "no cost" in ran.err
    assert batching.asked("claude") == []
    assert _all_there(blog)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("2026-03-01", "2026-02-27"), "SINCE (2026-03-01) is after UNTIL (2026-02-27)"),
        (("2026-02-27", "2026-03-09"), "future"),
        (("x", "2026-02-27"), "'x' is not a date"),
    ],
)
def test_wrong_days(blog: Blog, given: tuple[str, str], said: str) -> None:
    """Exit 2 with what is wrong."""
    ran = blog.run("backfill", *given, "--yes", clock=CLOCK)
    assert ran.code == 2
    assert said in ran.err
