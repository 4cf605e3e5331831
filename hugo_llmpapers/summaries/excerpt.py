"""Excerpts, which posts show without Claude: sentences of others that are marked as such."""

from __future__ import annotations

import re

from hugo_llmpapers.records import Paper, Summary

MAX_SENTENCES = 3
MAX_LENGTH = 700
"""Characters."""
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'“(\[$\\])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|et al|cf|vs|Fig|Eq|Sec|resp|approx|w\.r\.t|a\.k\.a)\.|\b[A-Z]\.)$")
_IDEA = re.compile(
    r"\b(?:we (?:propose|present|introduce|study|show|develop|release)|this (?:paper|work)|our (?:method|approach))\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:results?|experiments?|outperform|achiev|improv|reduc|demonstrat|state.of.the.art)\w*", re.IGNORECASE
)


def excerpt(paper: Paper) -> Summary:
    """Return Semantic Scholar's one-sentence summary if there is one, else the key sentences of the abstract."""
    if paper.tldr:
        return Summary(paper.tldr, "tldr")
    return Summary(" ".join(key_sentences(paper.abstract)), "sentences")


def key_sentences(abstract: str) -> tuple[str, ...]:
    """Return at most MAX_SENTENCES sentences in order, with at most MAX_LENGTH characters unless the first alone is longer."""
    chosen: list[tuple[int, str]] = []
    for number, sentence in sorted(enumerate(sentences(abstract)), key=lambda numbered: -_weight(numbered[1])):
        length = sum(len(other) + 1 for _, other in chosen) + len(sentence)
        if len(chosen) < MAX_SENTENCES and (not chosen or length <= MAX_LENGTH):
            chosen.append((number, sentence))
    return tuple(sentence for _, sentence in sorted(chosen))


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; abbreviations and initials do not end one."""
    found: list[str] = []
    for part in _END.split(text.strip()):
        if found and _ABBREVIATION.search(found[-1][-12:]):  # `approx.` and what precedes it
            found[-1] += " " + part
        else:
            found.append(part)
    return [part for part in found if part]


def _weight(sentence: str) -> float:
    idea = 3.0 if _IDEA.search(sentence) else 0.0
    result = 2.0 if _RESULT.search(sentence) else 0.0
    return idea + result + (1.0 if re.search(r"\d", sentence) else 0.0)
