"""What a post says of a paper when there is no Claude: somebody else's words, marked as theirs, never a made-up summary."""

from __future__ import annotations

import re

from hugo_llmpapers.records import Paper, Summary

SENTENCES = 3
LONGEST = 700
"""Characters."""
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'“(\[$\\])")
_NOT_AN_END = re.compile(r"(?:\b(?:e\.g|i\.e|et al|cf|vs|Fig|Eq|Sec|resp|approx|w\.r\.t|a\.k\.a)\.|\b[A-Z]\.)$")
_LONGEST_MARK = 12
"""Characters that tell whether a sentence has ended: `approx.` and what stands before it."""
_IDEA = re.compile(
    r"\b(?:we (?:propose|present|introduce|study|show|develop|release)|this (?:paper|work)|our (?:method|approach))\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:results?|experiments?|outperform|achiev|improv|reduc|demonstrat|state.of.the.art)\w*", re.IGNORECASE
)


def excerpt(paper: Paper) -> Summary:
    """Semantic Scholar's one sentence where there is one, else the abstract's key sentences in their order."""
    if paper.tldr:
        return Summary(paper.tldr, "tldr")
    return Summary(" ".join(key_sentences(paper.abstract)), "sentences")


def key_sentences(abstract: str) -> tuple[str, ...]:
    """At most SENTENCES whole sentences, together at most LONGEST characters unless the first alone is longer."""
    all_of_them = sentences(abstract)
    by_weight = sorted(range(len(all_of_them)), key=lambda n: (-_weight(all_of_them[n]), n))
    chosen: list[int] = []
    for n in by_weight:
        length = sum(len(all_of_them[m]) + 1 for m in chosen) + len(all_of_them[n])
        if len(chosen) < SENTENCES and (not chosen or length <= LONGEST):
            chosen.append(n)
    return tuple(all_of_them[n] for n in sorted(chosen))


def sentences(text: str) -> list[str]:
    """The text's sentences; abbreviations and initials end none."""
    found: list[str] = []
    for part in _END.split(text.strip()):
        if found and _NOT_AN_END.search(found[-1][-_LONGEST_MARK:]):
            found[-1] += " " + part
        else:
            found.append(part)
    return [part for part in found if part]


def _weight(sentence: str) -> float:
    idea = 3.0 if _IDEA.search(sentence) else 0.0
    result = 2.0 if _RESULT.search(sentence) else 0.0
    return idea + result + (1.0 if re.search(r"\d", sentence) else 0.0)
