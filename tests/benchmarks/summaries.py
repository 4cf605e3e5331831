"""How many bad summaries the checks find, and how many good ones they take for bad.

    python -m tests.benchmarks.summaries

Good ones are those of the invented papers, in Japanese and English; each is spoilt in every way that fits it. A negated
claim is beyond such checks, and counted all the same.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator

from hugo_llmpapers.checks import check
from hugo_llmpapers.sample.papers import SamplePaper, papers

NAMES = ("StoneFormer", "GraniteBench", "PebbleNet-2", "QuartzLM")
Spoil = Callable[[str, SamplePaper], Iterator[str]]


def _number(text: str, _paper: SamplePaper) -> Iterator[str]:
    for match in re.finditer(r"\d+(?:[.,]\d+)?", text):
        yield text[: match.start()] + f"{float(match[0].replace(',', '')) + 7.3:g}" + text[match.end() :]


def _unit(text: str, _paper: SamplePaper) -> Iterator[str]:
    for match in re.finditer(r"(?<=\d)(万|億|K|M|B)(?![a-z])", text):
        yield (
            text[: match.start()]
            + {"万": "億", "億": "万", "K": "M", "M": "B", "B": "M"}[match[0]]
            + text[match.end() :]
        )


def _name(text: str, _paper: SamplePaper) -> Iterator[str]:
    own = re.findall(r"[A-Z][A-Za-z]*(?:QA|Bench|Train|Pilot)|Bonsai|Marginalia|Retrieve", text)
    for name in dict.fromkeys(own):
        for other in NAMES:
            yield text.replace(name, other)


def _other_paper(_text: str, paper: SamplePaper) -> Iterator[str]:
    language = "ja" if re.search(r"[ぁ-ん]", _text) else "en"
    yield from (other.summary[language] for other in papers().values() if other is not paper)


def _language(text: str, paper: SamplePaper) -> Iterator[str]:
    yield paper.summary["en" if re.search(r"[ぁ-ん]", text) else "ja"]


def _register(text: str, _paper: SamplePaper) -> Iterator[str]:
    for polite in ("有効です。", "示されました。", "期待できます。", "容易ではありません。"):
        if re.search(r"[ぁ-ん]", text):
            yield text[: text.rindex("。", 0, -1) + 1] + "この手法は" + polite


def _cut(text: str, _paper: SamplePaper) -> Iterator[str]:
    yield from (text[:-n].rstrip("。. ") for n in (5, 20, 60, 120))


def _meta(text: str, _paper: SamplePaper) -> Iterator[str]:
    first = ("以下は要約です。", "承知しました。", "以下に論文を要約する。") if re.search(r"[ぁ-ん]", text) else (
        "Here is the summary: ", "As an AI, I read it so: ", "I cannot see the PDF, but: ")  # fmt: skip
    yield from (start + text for start in first)


def _markup(text: str, _paper: SamplePaper) -> Iterator[str]:
    end = text[-1]
    for piece in (
        "<b>x</b>",
        "{{< x >}}",
        "[x](y)",
        "https://e.example",
        "**x**",
        "![x](y)",
        "<script>x</script>",
        "```x```",
    ):
        yield f"{text[:-1]}{piece}{end}"


def _negation(text: str, _paper: SamplePaper) -> Iterator[str]:
    yield from (
        text.replace(a, b)
        for a, b in (("高め", "下げ"), ("減少", "増加"), ("上回", "下回"), ("raises", "lowers"))
        if a in text
    )


KINDS: dict[str, Spoil] = {
    "number": _number,
    "unit": _unit,
    "name": _name,
    "other paper": _other_paper,
    "language": _language,
    "register": _register,
    "cut": _cut,
    "meta": _meta,
    "markup": _markup,
    "negation": _negation,
}


def main() -> None:
    """Prints the table."""
    found: dict[str, list[bool]] = defaultdict(list)
    missed: list[str] = []
    seconds, alarms, good = 0.0, 0, 0
    for paper in papers().values():
        source = f"{paper.title}\n{paper.abstract}"
        for language, text in paper.summary.items():
            started = time.perf_counter()
            alarms += bool(check(text, language, source))
            seconds += time.perf_counter() - started
            good += 1
            for kind, spoil in KINDS.items():
                for bad in spoil(text, paper):
                    found[kind].append(bool(check(bad, language, source)))
                    missed += [] if found[kind][-1] or kind == "negation" else [f"{kind}: {bad[:60]}…"]
    print(f"good summaries {good}, false alarms {alarms}, {1000 * seconds / good:.2f} ms each")  # noqa: T201
    for kind, results in found.items():
        print(f"{kind:12s} {sum(results):4d} of {len(results):4d} found")  # noqa: T201
    print("\n".join(missed))  # noqa: T201


if __name__ == "__main__":
    main()
