"""Whether a paper is about the blog's subject: words and phrases on word boundaries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hugo_llmpapers.records import Paper

KEYWORDS = (
    "large language model",
    "language model",
    "LLM",
    "vision-language",
    "VLM",
    "MLLM",
    "multimodal model",
    "foundation model",
    "agentic",
    "AI agent",
    "chain-of-thought",
    "reasoning model",
    "retrieval-augmented",
    "RAG",
    "RLHF",
    "instruction tuning",
    "in-context learning",
    "prompting",
    "mixture-of-experts",
    "KV cache",
    "hallucination",
    "code generation",
)
"""The default of the setting `keywords`."""
GENERIC = frozenset({"large language model", "language model", "llm"})
"""Words that nearly every paper of the subject has: no theme of their own."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Compiled keywords."""

    words: tuple[tuple[str, str, re.Pattern[str]], ...]
    """Keyword, its first word in lower case, pattern."""

    def named_in(self, text: str) -> tuple[str, ...]:
        """The keywords that the text has, in the order of the setting."""
        # Looking for a plain piece first is forty times as fast as the pattern, and few texts have it.
        lower = text.lower()
        return tuple(word for word, first, pattern in self.words if first in lower and pattern.search(text))


def topic(keywords: Iterable[str]) -> Topic:
    """Keywords match whole words, in singular or plural, hyphen or blank; those in capitals match only so.

    "rag" is not in "storage", and "RAG" is not "rag".
    """
    return Topic(tuple((word, _parts(word)[0].lower(), _pattern(word)) for word in keywords if word.strip(" -")))


def _parts(word: str) -> list[str]:
    return [part for part in re.split(r"[\s-]+", word.strip()) if part]


def _pattern(word: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in _parts(word)]
    flags = 0 if word.isupper() else re.IGNORECASE
    return re.compile(r"(?<!\w)" + r"[\s-]+".join(parts) + r"(?:s|es)?(?!\w)", flags)


class Named(NamedTuple):
    """The keywords that a paper's texts have, in the order of the setting."""

    title: tuple[str, ...]
    abstract: tuple[str, ...]


def named(paper: Paper, about: Topic) -> Named:
    """Those of title and abstract."""
    return Named(about.named_in(paper.title), about.named_in(paper.abstract))


def fit(names: Named) -> float:
    """How much a paper is about the topic, 0 to 1: a keyword in the title weighs three in the abstract; 0 is off topic."""
    in_title = set(names.title)
    return min(1.0, (3 * len(in_title) + len(set(names.abstract) - in_title)) / 8)


def theme(names: Named) -> str | None:
    """The keyword that sets the paper apart, title before abstract; None where it has only generic ones."""
    return next((word for word in (*names.title, *names.abstract) if word.casefold() not in GENERIC), None)
