"""The checks that a summary must pass before it is published: pure functions that return what is wrong with it.

They cannot find a negated claim; they find what is made up, cut off, or not a summary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from hugo_llmpapers.summaries.checks import grounding
from hugo_llmpapers.summaries.checks.addresses import find_address
from hugo_llmpapers.summaries.checks.language import has_own_script, passage_in_other_language
from hugo_llmpapers.summaries.checks.quotations import without_quotations, without_source_quotations
from hugo_llmpapers.summaries.checks.word_rules import SUBJECTS, accusation_of_paper, appeal, unsupported_subject

MIN_LENGTH = {"ja": 200, "zh": 120, "ko": 150}
"""Characters; 300 for other languages, whose words are longer. The prompt requests 300 to 550 in Japanese."""
MAX_LENGTH = {"ja": 700, "zh": 600, "ko": 800}
"""Characters; 2,000 for other languages."""
_MAX_SEARCHED = 2500
"""Characters that are searched by the slower word rules; a longer text is too long anyway."""
MAX_COPIED_SHARE = 0.5
"""Share of a summary in runs of eight words that may come from the source."""
MAX_ECHO = 40
"""Length of a run of characters from its instructions that a summary may contain; half of it in scripts without blanks."""
_MARKUP = re.compile(
    "|".join(
        (
            r"</?[a-zA-Z!][^>]{0,200}>|&(?:#\w{1,6}|[A-Za-z]{2,8});",  # HTML
            r"[{}]|\\(?:[A-Za-z]{2,}|\(|\[)|\$[^$\d\s][^$]{0,40}\$|\$\$",  # shortcodes and LaTeX
            r"\]\(|!\[|`[^`]|\*\*|(?<![A-Z*])\*[^\s*][^*]{0,80}\*|\|[^|]+\|[^|]+\|",  # within a line; A* and B* are algorithms
            r"(?:^|(?<=\s))(?:#{1,6}|---+|[•‣▪])(?=\s)|(?:^|(?<=[。.!?:]))\s*(?:・|[-*+>] )|【",  # at the start of a line;
            r"(?:^|(?<=[。.!?] )|(?<=。))\d{1,2}[.)] (?=\D)",  # lines are joined before
            r"(?<![\w+/-])(?=[A-Za-z+/]*\d)(?=[\d+/]*[A-Za-z])[A-Za-z0-9+/]{24,}",  # encoded data
            "[☀-➿\U0001f300-\U0001faff]",  # emoji
        )
    ),
    re.ASCII,
)
_TAG = re.compile(r"<(/?[a-z][a-z0-9_|]*)>", re.IGNORECASE)
_HTML_TAGS = frozenset(
    (
        "a b i u s p q em br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd tr td th div pre img sub sup del ins kbd svg nav main span "
        "link meta base head body html form code abbr mark math area time video audio embed table thead tbody tfoot title style "
        "input label strong script iframe object button select option details summary section article aside header footer "
        "figure textarea template noscript blockquote marquee abstract paper text system user assistant instructions"
    ).split()
)
"""Tags that are never special tokens of a model, as `<think>` and `<pause>` are."""
_ABOUT_ITSELF = re.compile(
    r"(?:^|。)以下(?:は|に|が)?、?[^。]{0,12}(?:要約|まとめ)|要約します|要約は以下|以上が[^。]{0,8}要約|^(?:要約|概要|まとめ):"
    r"|承知(?:し|いたし)|かしこまり|申し訳(?:あり|ござ)|お手伝い"
    r"|as an? (?:ai|language model|ai (?:language model|assistant)), i "
    r"|(?:here is|here's|below is) (?:a|the|my|your) .{0,20}summary|i (?:cannot|can't|am unable|'m sorry)"
    r"|^(?:sure|certainly|of course|summary|note|tl;?dr)\b ?[,:!]|hope this helps|let me know if"
    r"|hier ist (?:die|eine) zusammenfassung|^zusammenfassung:|voici (?:le|un) résumé|^résumé ?:|aquí (?:está|tienes)|^resumen:"
    r"|^(?:以下是|好的|抱歉)|^(?:摘要|总结|概要|總結):|^다음은|^요약:|죄송|알겠습니다|вот (?:краткое|резюме)|^резюме:",
)
_POLITE = re.compile(
    r"(?<!ます)(?:です|ます|でした|ました|ません|でしょう|ましょう|ください)(?:か|が|ので|から|し|けれども?|ね|よ)?(?=[。」）、！？!?]|$)"
)
_LONE_WORD = re.compile(r"(?:^|(?<=[.!?] ))[^\W\d_]{4,}[.!?](?= |$)")
_LONE_LATIN_WORDS = re.compile(r"(?:^|(?<=[。！？]))[\x00-\x7f]+[。！？]")
"""A single word as a sentence: not in a summary, but in the answer of a model that was told to say it."""
_END = {"ja": re.compile(r"。[」）]?$"), "zh": re.compile(r"[。！？][”）」]?$"), "th": re.compile(r"\S$")}
_ANY_END = re.compile(r"[.!?…。।؟۔][”\"“»’')\]」）]?$")


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that a summary failed."""

    check: str
    """Its name. Part of the request for a repair, so of the key under which the repaired answer is cached."""
    detail: str
    """What was found, or what is missing; empty if the name says it all. Part of that key, too."""

    def __str__(self) -> str:
        return f"{self.check}: {self.detail}" if self.detail else self.check


_Found = Iterator[tuple[str, str | None]]
"""The name of each check, and what it found; None if the summary passes it."""


def check(text: str, language: str, source: str, instructions: str = "") -> tuple[FailedCheck, ...]:
    """Return the checks that a summary of `source` in that language (BCP 47) fails; empty if it may be published.

    `source`: what it was made from: title, abstract, and the paper's text if that was used. `instructions`: the system
    prompt of its model, which the summary must not repeat.
    """
    language = language.partition("-")[0].lower()
    found = chain(
        _check_form(text, language, source),
        _check_statements(text, language, source),
        _check_origin(text, language, source, instructions),
    )
    return tuple(FailedCheck(name, detail) for name, detail in found if detail is not None)


def _check_form(text: str, language: str, source: str) -> _Found:
    length, least, most = len(text), MIN_LENGTH.get(language, 300), MAX_LENGTH.get(language, 2000)
    yield "too short", f"{length} characters, at least {least}" if length < least else None
    yield "too long", f"{length} characters, at most {most}" if length > most else None
    yield "cut off", None if _END.get(language, _ANY_END).search(text) else text[-20:]
    yield "not a sentence", _first(_LONE_LATIN_WORDS if has_own_script(language) else _LONE_WORD, text)
    # The paper's title is quoted as it is, and can be the longer part of a sentence.
    title = source.partition("\n")[0]
    passage = passage_in_other_language(text.replace(f"「{title}」", "「」"), language)
    yield "wrong language", f"not {language}: {passage[:30]}…" if passage is not None else None
    # A model that is said to answer 「分かりません」 does not answer so here.
    unquoted = without_quotations(text)
    yield "です・ます", _first(_POLITE, unquoted) if language == "ja" else None
    yield "markup", _markup(unicodedata.normalize("NFKC", text), source)
    yield "talks about itself", _first(_ABOUT_ITSELF, unicodedata.normalize("NFKC", unquoted).casefold())


def _check_statements(text: str, language: str, source: str) -> _Found:
    text, stop = text[:_MAX_SEARCHED], "。" if language in {"ja", "zh"} else ". "
    own_words = without_source_quotations(text, source, stop, may_translate=False)
    # Most papers are in English.
    own_or_translated = without_source_quotations(text, source, stop, may_translate=language != "en")

    def subject(words: str, quotable: str) -> str | None:
        return unsupported_subject(words, language, source, [one for one in SUBJECTS if one.quotable == quotable])

    yield "praise or appeal", appeal(own_or_translated, language)
    accusation = accusation_of_paper(text, language, source)
    yield "accuses the paper or its authors", accusation
    if accusation is None:  # the graver of the two
        yield "a subject that the source does not have", subject(text, "never")
    promoted = subject(own_words, "verbatim") or subject(own_or_translated, "translated")
    yield "a subject that the source does not have", promoted


def _check_origin(text: str, language: str, source: str, instructions: str) -> _Found:
    size = MAX_ECHO // 2 if language in {"ja", "zh", "ko"} else MAX_ECHO
    runs = (text[n : n + size] for n in range(len(text) - size + 1))
    yield "repeats its instructions", next((run for run in runs if run in instructions), None)
    claims, facts = grounding.claims(text, language), grounding.source_facts(source)
    yield "numbers that the source does not have", ", ".join(grounding.unsupported_numbers(claims, facts)) or None
    yield "units that the source does not have", ", ".join(grounding.unsupported_units(claims, facts)) or None
    yield "names that the source does not have", ", ".join(grounding.unsupported_names(claims, facts)) or None
    is_other = grounding.is_about_something_else(claims, facts)
    yield "the summary contains no name or number from the paper", "" if is_other else None
    # It can only be a copy if papers are in English, or in another language written with blanks.
    share = 0.0 if has_own_script(language) else grounding.copied_share(text, source)
    yield "copied from the source", f"{share:.0%}" if share > MAX_COPIED_SHARE else None


def _markup(text: str, source: str) -> str | None:
    """A paper's own special token, such as `<think>`, is a name."""
    text = _TAG.sub(
        lambda tag: "" if tag[1].strip("/").casefold() not in _HTML_TAGS and tag[0] in source else tag[0], text
    )
    found = _MARKUP.search(text)
    return find_address(text, source) or (found[0].strip() if found else None)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[0] if found else None
