"""Matches a paper's texts with the blog's keywords, on word boundaries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hugo_llmpapers.records import Paper

KEYWORDS = tuple(
    (
        "large language model, language model, LLM, vision-language, VLM, MLLM, multimodal model, foundation model, agentic, "
        "AI agent, chain-of-thought, reasoning model, retrieval-augmented, RAG, RLHF, instruction tuning, in-context learning, "
        "prompting, mixture-of-experts, KV cache, hallucination, code generation"
    ).split(", ")
)
"""The default of the setting `keywords`."""
GENERIC = frozenset({"large language model", "language model", "llm"})
"""Keywords of nearly every paper, which are no theme."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Compiled keywords."""

    patterns: tuple[tuple[str, str, re.Pattern[str]], ...]
    """Keyword, its first word in lower case, pattern."""

    def keywords_in(self, text: str) -> tuple[str, ...]:
        """Return the keywords that the text contains, in the order of the setting."""
        # A substring search is forty times as fast as the pattern, and few texts contain the word.
        lower = text.lower()
        return tuple(word for word, first, pattern in self.patterns if first in lower and pattern.search(text))


def compile_topic(keywords: Iterable[str]) -> Topic:
    """Compile keywords, which match whole words, singular or plural, with hyphens or spaces.

    Keywords in capitals match capitals only: "RAG" does not match "rag", and neither matches "storage".
    """
    return Topic(tuple(_compiled(word) for word in keywords if word.strip(" -")))


def _compiled(word: str) -> tuple[str, str, re.Pattern[str]]:
    parts = [part for part in re.split(r"[\s-]+", word.strip()) if part]
    pattern = r"(?<!\w)" + r"[\s-]+".join(map(re.escape, parts)) + r"(?:s|es)?(?!\w)"
    return word, parts[0].lower(), re.compile(pattern, 0 if word.isupper() else re.IGNORECASE)


class KeywordMatches(NamedTuple):
    """The keywords in a paper's texts, in the order of the setting."""

    title: tuple[str, ...]
    abstract: tuple[str, ...]


def match_keywords(paper: Paper, topic: Topic) -> KeywordMatches:
    """Return the topic's keywords in the paper's title and abstract."""
    return KeywordMatches(topic.keywords_in(paper.title), topic.keywords_in(paper.abstract))


def topic_score(matches: KeywordMatches) -> float:
    """Return 0 (off topic) to 1. A keyword in the title counts as much as three in the abstract."""
    in_title = set(matches.title)
    return min(1.0, (3 * len(in_title) + len(set(matches.abstract) - in_title)) / 8)


def theme(matches: KeywordMatches) -> str | None:
    """Return the first keyword that is not generic, title before abstract; None if there is none."""
    return next((word for word in (*matches.title, *matches.abstract) if word.casefold() not in GENERIC), None)
