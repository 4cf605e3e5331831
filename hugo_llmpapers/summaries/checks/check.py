"""What a summary must be before it counts: pure functions that say what is wrong with it.

They cannot tell a flipped claim from a true one; they can tell what was made up, left half, or is no summary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from hugo_llmpapers.summaries.checks.accusation_words import ACCUSATIONS, Subject
from hugo_llmpapers.summaries.checks.accusations import about_itself, unsourced
from hugo_llmpapers.summaries.checks.addresses import address_in
from hugo_llmpapers.summaries.checks.appeals import appeal_in
from hugo_llmpapers.summaries.checks.grounding import (
    Claims,
    Facts,
    claims,
    copied_share,
    facts,
    leaves_no_trace,
    strange_names,
    strange_numbers,
    strange_units,
)
from hugo_llmpapers.summaries.checks.language import has_own_script, strange_passage
from hugo_llmpapers.summaries.checks.quotations import blanked, own_words
from hugo_llmpapers.summaries.checks.touting_words import ADVERTISING, TOUTING

SHORTEST = {"ja": 200, "zh": 120, "ko": 150}
"""Characters; 300 for the languages that are not named, whose words are longer. Asked for are 300 to 550 in Japanese."""
LONGEST = {"ja": 700, "zh": 600, "ko": 800}
"""Characters; 2,000 for the others."""
_MOST_READ = 2500
"""Characters that are searched for accusations and appeals, whose patterns take longer than others: more are too long anyhow."""
COPIED = 0.5
"""Share of a summary in runs of eight words that may stand in the source."""
ECHOED = 40
"""Characters of its instructions that a summary may have in one piece; in scripts without blanks half of that."""
_MARKUP = re.compile(
    "|".join(
        (
            r"</?[a-zA-Z!][^>]{0,200}>|&(?:#\w{1,6}|[A-Za-z]{2,8});",  # HTML
            r"[{}]|\\(?:[A-Za-z]{2,}|\(|\[)|\$[^$\d\s][^$]{0,40}\$|\$\$",  # shortcodes and LaTeX
            r"\]\(|!\[|`[^`]|\*\*|(?<![A-Z*])\*[^\s*][^*]{0,80}\*|\|[^|]+\|[^|]+\|",  # within a line; A* and B* are algorithms
            r"(?:^|(?<=\s))(?:#{1,6}|---+|[•‣▪])(?=\s)|(?:^|(?<=[。.!?:]))\s*(?:・|[-*+>] )|【",  # at a line's start: lines
            r"(?:^|(?<=[。.!?] )|(?<=。))\d{1,2}[.)] (?=\D)",  # are joined by now
            r"(?<![\w+/-])(?=[A-Za-z+/]*\d)(?=[\d+/]*[A-Za-z])[A-Za-z0-9+/]{24,}",  # what no reader reads
            "[☀-➿\U0001f300-\U0001faff]",  # emoji
        )
    ),
    re.ASCII,
)
_TAG = re.compile(r"<(/?[a-z][a-z0-9_|]*)>", re.IGNORECASE)
_HTML = frozenset(
    re.split(
        " ",
        "a b i u s p q em br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd tr td th div pre img sub sup del ins kbd svg nav main span "
        "link meta base head body html form code abbr mark math area time video audio embed table thead tbody tfoot title style "
        "input label strong script iframe object button select option details summary section article aside header footer "
        "figure textarea template noscript blockquote marquee abstract paper text system user assistant instructions",
    )
)
"""What is never a special token of a model, as `<think>` and `<pause>` are."""
_META = re.compile(
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
_NO_SENTENCE = re.compile(r"(?:^|(?<=[.!?] ))[^\W\d_]{4,}[.!?](?= |$)")
_NO_SENTENCE_IN_OWN_SCRIPT = re.compile(r"(?:^|(?<=[。！？]))[\x00-\x7f]+[。！？]")
"""A word that stands alone where a sentence should: nobody summarises so, but who was told to say it does."""
_NEVER_QUOTED = tuple(subject for subject in TOUTING if subject is not ADVERTISING)
"""Subjects that not even a translated quotation has where the source does not speak of them. 「今すぐ」 is any order's word."""
_END = {
    "ja": re.compile(r"。[」）]?$"),
    "zh": re.compile(r"[。！？][”）」]?$"),
    "th": re.compile(r"\S$"),
}
_ANY_END = re.compile(r"[.!?…。।؟۔][”\"“»’')\]」）]?$")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A check that a summary failed."""

    check: str
    """Its name."""
    piece: str
    """What was found, or what is missing."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A summary to be looked at."""

    text: str
    tongue: str
    """The first part of its language's code: `ja`."""
    source: str
    """What it was made from: title, abstract, and the paper's text where that was used."""
    said: Claims
    known: Facts
    """Of the source."""
    instructions: str
    """What its writer was told."""

    @property
    def title(self) -> str:
        """Of the paper: the source's first line."""
        return self.source.partition("\n")[0]

    @property
    def unquoted(self) -> str:
        """The text without what it quotes: a model that is said to answer 「分かりません」 does not answer so here."""
        return blanked(self.text)

    def own_words(self, *, may_translate: bool) -> str:
        """Of what is searched for appeals: without its source's quotations."""
        stop = "。" if self.tongue in {"ja", "zh"} else ". "
        return own_words(self.text[:_MOST_READ], self.source, stop, may_translate=may_translate)


def check(text: str, language: str, source: str, instructions: str = "") -> tuple[Wrong, ...]:
    """Everything that is wrong with a summary of `source` in that language (BCP 47); empty if it may be published.

    `instructions`: what its writer was told, which must not come back.
    """
    tongue = language.partition("-")[0].lower()
    draft = Draft(text, tongue, source, claims(text, tongue), facts(source), instructions)
    return tuple(wrong for one in _CHECKS if (wrong := one(draft)) is not None)


def _not_short(draft: Draft) -> Wrong | None:
    least = SHORTEST.get(draft.tongue, 300)
    return Wrong("too short", f"{len(draft.text)} characters, at least {least}") if len(draft.text) < least else None


def _not_endless(draft: Draft) -> Wrong | None:
    most = LONGEST.get(draft.tongue, 2000)
    return Wrong("too long", f"{len(draft.text)} characters, at most {most}") if len(draft.text) > most else None


def _whole(draft: Draft) -> Wrong | None:
    ends = _END.get(draft.tongue, _ANY_END)
    return None if ends.search(draft.text) else Wrong("cut off", draft.text[-20:])


def _in_language(draft: Draft) -> Wrong | None:
    # The paper's title is quoted as it is, and can be the longer part of a sentence.
    strange = strange_passage(draft.text.replace(f"「{draft.title}」", "「」"), draft.tongue)
    return Wrong("wrong language", f"not {draft.tongue}: {strange[:30]}…") if strange is not None else None


def _in_sentences(draft: Draft) -> Wrong | None:
    found = (_NO_SENTENCE if not has_own_script(draft.tongue) else _NO_SENTENCE_IN_OWN_SCRIPT).search(draft.text)
    return Wrong("not a sentence", found[0]) if found else None


def _plain(draft: Draft) -> Wrong | None:
    """A paper's own special token, such as `<think>`, is a name."""
    text = _TAG.sub(
        lambda tag: "" if _is_token(tag, draft.source) else tag[0], unicodedata.normalize("NFKC", draft.text)
    )
    if (address := address_in(text, draft.source)) is not None:
        return Wrong("markup", address)
    found = _MARKUP.search(text)
    return Wrong("markup", found[0].strip()) if found else None


def _to_the_point(draft: Draft) -> Wrong | None:
    found = _META.search(unicodedata.normalize("NFKC", draft.unquoted).casefold())
    return Wrong("talks about itself", found[0]) if found else None


def _in_register(draft: Draft) -> Wrong | None:
    """である調, as the posts are written in."""
    found = _POLITE.search(draft.unquoted) if draft.tongue == "ja" else None
    return Wrong("です・ます", found[0]) if found else None


def _sober(draft: Draft) -> Wrong | None:
    # Most papers are in English. What they quote is translated in a summary in another language.
    found = appeal_in(draft.own_words(may_translate=draft.tongue != "en"), draft.tongue)
    return Wrong("praise or appeal", found) if found else None


def _no_accusation(draft: Draft) -> Wrong | None:
    text = draft.text[:_MOST_READ]
    if (charge := about_itself(text, draft.tongue, draft.source)) is not None:
        return Wrong("accuses the paper or its authors", f"{charge[1]} ({charge[0]})")
    return _on_the_subject(draft, text, ACCUSATIONS)


def _no_touting(draft: Draft) -> Wrong | None:
    found = _on_the_subject(draft, draft.own_words(may_translate=False), _NEVER_QUOTED)
    return found or _on_the_subject(draft, draft.own_words(may_translate=draft.tongue != "en"), (ADVERTISING,))


def _on_the_subject(draft: Draft, text: str, subjects: tuple[Subject, ...]) -> Wrong | None:
    made_up = unsourced(text, draft.tongue, draft.source, subjects)
    return Wrong("a subject that the source does not have", f"{made_up[1]} ({made_up[0]})") if made_up else None


def _no_echo(draft: Draft) -> Wrong | None:
    size = ECHOED // 2 if draft.tongue in {"ja", "zh", "ko"} else ECHOED
    text = draft.text
    runs = (text[n : n + size] for n in range(len(text) - size + 1))
    found = next((run for run in runs if run in draft.instructions), None)
    return Wrong("repeats its instructions", found) if found else None


def _numbers(draft: Draft) -> Wrong | None:
    strange = strange_numbers(draft.said, draft.known)
    return Wrong("numbers that the source does not have", ", ".join(strange)) if strange else None


def _units(draft: Draft) -> Wrong | None:
    strange = strange_units(draft.said, draft.known)
    return Wrong("units that the source does not have", ", ".join(strange)) if strange else None


def _names(draft: Draft) -> Wrong | None:
    strange = strange_names(draft.said, draft.known)
    return Wrong("names that the source does not have", ", ".join(strange)) if strange else None


def _about_the_paper(draft: Draft) -> Wrong | None:
    if not leaves_no_trace(draft.said, draft.known):
        return None
    return Wrong("about something else", "no name and no number of the paper")


def _own_words(draft: Draft) -> Wrong | None:
    """Only where a summary can be a copy: papers are in English, or in another language written with blanks."""
    if has_own_script(draft.tongue):
        return None
    share = copied_share(draft.text, draft.source)
    return Wrong("copied from the source", f"{share:.0%}") if share > COPIED else None


def _is_token(tag: re.Match[str], source: str) -> bool:
    return tag[1].strip("/").casefold() not in _HTML and tag[0] in source


_CHECKS: tuple[Callable[[Draft], Wrong | None], ...] = (
    _not_short,
    _not_endless,
    _whole,
    _in_sentences,
    _in_language,
    _in_register,
    _plain,
    _to_the_point,
    _sober,
    _no_accusation,
    _no_touting,
    _no_echo,
    _numbers,
    _units,
    _names,
    _about_the_paper,
    _own_words,
)
