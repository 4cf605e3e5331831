from __future__ import annotations

import pytest

from hugo_llmpapers.sources.topic import KEYWORDS, compile_topic, match_keywords, theme, topic_score
from tests.invented import listing, paper


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("rag", "A rag is a rag."),
        ("rag", "RAG and Rag"),
        ("rag", "rags"),
        ("rag", "(rag)-based, rag/agent"),
        ("RAG", "Two RAGs meet"),
        ("RAG", "a RAG-based system"),
        ("LLM", "LLMs"),
        ("language model", "Large Language Models"),
        ("language model", "language-model"),
        ("language model", "a language\nmodel's view"),
        ("chain-of-thought", "chain of thought"),
        ("chain-of-thought", "Chain-of-Thoughts"),
        ("mixture of experts", "Mixture-of-Experts"),
        ("KV cache", "kv caches"),
        ("GPT-4", "GPT-4 and GPT 4"),
        ("C++", "written in C++, mostly"),
        (".NET", "on .NET"),
        ("  LLM  ", "an LLM"),
    ],
)
def test_a_keyword_is_found(keyword: str, text: str) -> None:
    """Whole words, singular or plural, hyphen or blank; small letters in any case."""
    assert compile_topic([keyword]).keywords_in(text) == (keyword,)


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("rag", "storage and fragments"),
        ("rag", "ragged"),
        ("RAG", "a rag of cloth, Rag time, rags"),
        ("LLM", "llm, VLLM, LLMish, LLM_x"),
        ("GPT-4", "GPT-40 and GPT-4o"),
        ("language model", "language of the model; languagemodel"),
        ("C++", "C and C+ and CX+"),
        ("a.b", "axb"),
        ("prompting", ""),
    ],
)
def test_a_keyword_is_not_found(keyword: str, text: str) -> None:
    """Parts of words are no words, capitals match only capitals, and signs mean themselves."""
    assert compile_topic([keyword]).keywords_in(text) == ()


@pytest.mark.parametrize("keyword", ["", " ", "-", " - "])
def test_an_empty_keyword_matches_nothing(keyword: str) -> None:
    """A keyword without a letter neither takes in nor excludes everything."""
    assert compile_topic([keyword]).keywords_in("Any text - with a dash.") == ()


def test_keywords_are_told_in_the_order_of_the_setting() -> None:
    """Where several match, the setting decides the order, not the text."""
    assert compile_topic(["agent", "rag", "LLM"]).keywords_in("LLM for a rag agent") == ("agent", "rag", "LLM")


def test_the_title_weighs_three_times_the_abstract() -> None:
    """A keyword counts once, in the title before the abstract; none is off topic, and one is as far as it goes."""
    about = compile_topic(["pebble", "stone", "rock", "gravel"])
    fits = [
        topic_score(match_keywords(paper(listing(title=title, abstract=abstract)), about))
        for title, abstract in [
            ("Sand", "dunes"),
            ("Sand", "a pebble"),
            ("Sand", "a pebble and a stone, a pebble"),
            ("Pebble", "a pebble"),
            ("Pebble", "a stone"),
            ("Pebbles, stones, rocks and gravel", "x"),
        ]
    ]
    assert fits == [0.0, 1 / 8, 2 / 8, 3 / 8, 4 / 8, 1.0]


@pytest.mark.parametrize(
    ("title", "abstract", "found"),
    [
        ("RAG for a language model", "agentic", "RAG"),
        ("A language model", "An agentic RAG", "agentic"),
        ("LLMs are language models", "large language models", None),
        ("Sand", "dunes", None),
    ],
)
def test_the_theme_is_what_sets_a_paper_apart(title: str, abstract: str, found: str | None) -> None:
    """Title before abstract, and never a word that nearly all papers have."""
    about = compile_topic(["large language model", "language model", "LLM", "agentic", "RAG"])
    assert theme(match_keywords(paper(listing(title=title, abstract=abstract)), about)) == found


def test_the_default_keywords_are_all_of_use() -> None:
    """Each default keyword finds itself, and none is there twice."""
    assert [compile_topic([word]).keywords_in(f"On {word}.") for word in KEYWORDS] == [(word,) for word in KEYWORDS]
    assert len(set(map(str.casefold, KEYWORDS))) == len(KEYWORDS)
