"""The checks that a summary must pass before it is published: pure functions that return what is wrong with it.

They cannot find a negated claim; they find what is made up, cut off, or not a summary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from hugo_llmpapers.summaries.checks.addresses import find_address
from hugo_llmpapers.summaries.checks.grounding import (
    Claims,
    SourceFacts,
    claims,
    copied_share,
    is_about_something_else,
    source_facts,
    unsupported_names,
    unsupported_numbers,
    unsupported_units,
)
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
_END = {
    "ja": re.compile(r"。[」）]?$"),
    "zh": re.compile(r"[。！？][”）」]?$"),
    "th": re.compile(r"\S$"),
}
_ANY_END = re.compile(r"[.!?…。।؟۔][”\"“»’')\]」）]?$")


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that a summary failed."""

    check: str
    """Its name. Part of the request for a repair, so of the key under which the repaired answer is cached."""
    detail: str
    """What was found, or what is missing; part of that key, too."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A summary to be checked."""

    text: str
    language: str
    """The primary subtag of its language: `ja`."""
    source: str
    """What it was made from: title, abstract, and the paper's text if that was used."""
    instructions: str
    """The system prompt of its model."""
    claims: Claims
    facts: SourceFacts

    @property
    def unquoted(self) -> str:
        """The text without quotations: a model that is said to answer 「分かりません」 does not answer so here."""
        return without_quotations(self.text)

    def without_source_quotations(self, *, translated: bool) -> str:
        """Return the text to be searched for appeals. `translated`: leave out translated quotations, too."""
        stop = "。" if self.language in {"ja", "zh"} else ". "
        # Most papers are in English.
        may_translate = translated and self.language != "en"
        return without_source_quotations(self.text[:_MAX_SEARCHED], self.source, stop, may_translate=may_translate)


def check(text: str, language: str, source: str, instructions: str = "") -> tuple[FailedCheck, ...]:
    """Return the checks that a summary of `source` in that language (BCP 47) fails; empty if it may be published.

    `instructions`: the system prompt of its model, which the summary must not repeat.
    """
    language = language.partition("-")[0].lower()
    draft = Draft(text, language, source, instructions, claims(text, language), source_facts(source))
    found = ((name, find(draft)) for name, find in _CHECKS)
    return tuple(FailedCheck(name, detail) for name, detail in found if detail is not None)


def _too_short(draft: Draft) -> str | None:
    least = MIN_LENGTH.get(draft.language, 300)
    return f"{len(draft.text)} characters, at least {least}" if len(draft.text) < least else None


def _too_long(draft: Draft) -> str | None:
    most = MAX_LENGTH.get(draft.language, 2000)
    return f"{len(draft.text)} characters, at most {most}" if len(draft.text) > most else None


def _cut_off(draft: Draft) -> str | None:
    return None if _END.get(draft.language, _ANY_END).search(draft.text) else draft.text[-20:]


def _other_language(draft: Draft) -> str | None:
    # The paper's title is quoted as it is, and can be the longer part of a sentence.
    title = draft.source.partition("\n")[0]
    passage = passage_in_other_language(draft.text.replace(f"「{title}」", "「」"), draft.language)
    return f"not {draft.language}: {passage[:30]}…" if passage is not None else None


def _not_a_sentence(draft: Draft) -> str | None:
    return _first(_LONE_LATIN_WORDS if has_own_script(draft.language) else _LONE_WORD, draft.text)


def _markup(draft: Draft) -> str | None:
    """A paper's own special token, such as `<think>`, is a name."""
    text = unicodedata.normalize("NFKC", draft.text)
    text = _TAG.sub(lambda tag: "" if _is_special_token(tag, draft.source) else tag[0], text)
    found = _MARKUP.search(text)
    return find_address(text, draft.source) or (found[0].strip() if found else None)


def _about_itself(draft: Draft) -> str | None:
    return _first(_ABOUT_ITSELF, unicodedata.normalize("NFKC", draft.unquoted).casefold())


def _polite(draft: Draft) -> str | None:
    """Posts are written in である調."""
    return _first(_POLITE, draft.unquoted) if draft.language == "ja" else None


def _appeal(draft: Draft) -> str | None:
    return appeal(draft.without_source_quotations(translated=True), draft.language)


def _accusation(draft: Draft) -> str | None:
    return accusation_of_paper(draft.text[:_MAX_SEARCHED], draft.language, draft.source)


def _subject(draft: Draft, text: str, quotable: str) -> str | None:
    subjects = [subject for subject in SUBJECTS if subject.quotable == quotable]
    return unsupported_subject(text, draft.language, draft.source, subjects)


def _accusing_subject(draft: Draft) -> str | None:
    """Only in a summary without an accusation, which is the graver one."""
    return None if _accusation(draft) else _subject(draft, draft.text[:_MAX_SEARCHED], "never")


def _promoting_subject(draft: Draft) -> str | None:
    found = _subject(draft, draft.without_source_quotations(translated=False), "verbatim")
    return found or _subject(draft, draft.without_source_quotations(translated=True), "translated")


def _echo(draft: Draft) -> str | None:
    size = MAX_ECHO // 2 if draft.language in {"ja", "zh", "ko"} else MAX_ECHO
    runs = (draft.text[n : n + size] for n in range(len(draft.text) - size + 1))
    return next((run for run in runs if run in draft.instructions), None)


def _unsupported(find: Callable[[Claims, SourceFacts], tuple[str, ...]]) -> Callable[[Draft], str | None]:
    return lambda draft: ", ".join(find(draft.claims, draft.facts)) or None


def _something_else(draft: Draft) -> str | None:
    return "no name and no number of the paper" if is_about_something_else(draft.claims, draft.facts) else None


def _copied(draft: Draft) -> str | None:
    """Only if a summary can be a copy: papers are in English, or in another language written with blanks."""
    share = 0.0 if has_own_script(draft.language) else copied_share(draft.text, draft.source)
    return f"{share:.0%}" if share > MAX_COPIED_SHARE else None


def _is_special_token(tag: re.Match[str], source: str) -> bool:
    return tag[1].strip("/").casefold() not in _HTML_TAGS and tag[0] in source


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[0] if found else None


_CHECKS: tuple[tuple[str, Callable[[Draft], str | None]], ...] = (
    ("too short", _too_short),
    ("too long", _too_long),
    ("cut off", _cut_off),
    ("not a sentence", _not_a_sentence),
    ("wrong language", _other_language),
    ("です・ます", _polite),
    ("markup", _markup),
    ("talks about itself", _about_itself),
    ("praise or appeal", _appeal),
    ("accuses the paper or its authors", _accusation),
    ("a subject that the source does not have", _accusing_subject),
    ("a subject that the source does not have", _promoting_subject),
    ("repeats its instructions", _echo),
    ("numbers that the source does not have", _unsupported(unsupported_numbers)),
    ("units that the source does not have", _unsupported(unsupported_units)),
    ("names that the source does not have", _unsupported(unsupported_names)),
    ("about something else", _something_else),
    ("copied from the source", _copied),
)
"""By name, which the request for a repair quotes."""
