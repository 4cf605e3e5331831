"""What a summary must be before it counts: pure functions that say what is wrong with it.

They cannot tell a flipped claim from a true one; they can tell what was made up, left half, or is no summary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from hugo_llmpapers.grounding import copied_share, strange_acronyms, strange_names, strange_numbers

SHORTEST = {"ja": 200, "zh": 120, "ko": 150}
"""Characters; 300 for the languages that are not named, whose words are longer. Asked for are 300 to 550 in Japanese."""
LONGEST = {"ja": 700, "zh": 600, "ko": 800}
"""Characters; 2,000 for the others."""
_MARKUP = re.compile(
    r"https?://|www\.|</?[a-zA-Z][^>]*>|\{\{|\}\}|\]\(|!\[|```|\*\*|^\s*(?:#{1,6} |[-*] |> |---)", re.MULTILINE
)
_META = re.compile(
    r"以下(?:は|に)(?:要約|論文)|要約します|要約は以下|承知|かしこまり|申し訳|お手伝い"
    r"|as an ai\b|here is (?:a|the) summary|i (?:cannot|can't)",
    re.IGNORECASE,
)
_POLITE = re.compile(r"(?:です|ます|でした|ました|ません|でしょう)(?=[。」）、])")
_SCRIPTS = {
    "zh": "CJK", "ko": "HANGUL", "ru": "CYRILLIC", "uk": "CYRILLIC", "ar": "ARABIC", "he": "HEBREW", "hi": "DEVANAGARI",
    "th": "THAI", "el": "GREEK",
}  # fmt: skip
"""As Unicode's names of characters call them."""
_OWN_SCRIPT = frozenset({"ja", *_SCRIPTS})
"""Languages in whose script a Latin word is a name."""
COPIED = 0.5
"""Share of a summary in runs of eight words that may stand in the source."""
_ENDS = {"ja": "。」）", "zh": "。”）"}


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


def check(text: str, language: str, source: str) -> tuple[Wrong, ...]:
    """Everything that is wrong with a summary of `source` in that language (BCP 47); empty if it may be published."""
    draft = Draft(text, language.partition("-")[0].lower(), source)
    return tuple(wrong for one in _CHECKS if (wrong := one(draft)) is not None)


def _not_short(draft: Draft) -> Wrong | None:
    least = SHORTEST.get(draft.tongue, 300)
    return Wrong("too short", f"{len(draft.text)} characters, at least {least}") if len(draft.text) < least else None


def _not_endless(draft: Draft) -> Wrong | None:
    most = LONGEST.get(draft.tongue, 2000)
    return Wrong("too long", f"{len(draft.text)} characters, at most {most}") if len(draft.text) > most else None


def _whole(draft: Draft) -> Wrong | None:
    ends = _ENDS.get(draft.tongue, '.!?”")。')
    return None if draft.text[-1:] and draft.text[-1] in ends else Wrong("cut off", draft.text[-20:])


def _in_language(draft: Draft) -> Wrong | None:
    """Kana is what tells Japanese from Chinese; for other languages only their script is looked at."""
    tongue = draft.tongue
    letters = [c for c in draft.text if c.isalpha()]
    kana = sum("HIRAGANA" in (n := unicodedata.name(c, "")) or "KATAKANA" in n for c in letters)
    cjk = sum("CJK" in unicodedata.name(c, "") for c in letters)
    share = (kana + cjk) / max(1, len(letters))
    if tongue == "ja":
        fits = share >= 0.5 and kana >= 0.2 * len(letters)
    elif (script := _SCRIPTS.get(tongue)) is not None:
        own = sum(script in unicodedata.name(c, "") for c in letters)
        fits = kana <= 0.05 * len(letters) and own >= 0.5 * len(letters)
    else:
        fits = share <= 0.2
    return None if fits else Wrong("wrong language", f"not {tongue}: {draft.text[:30]}…")


def _plain(draft: Draft) -> Wrong | None:
    found = _MARKUP.search(draft.text)
    return Wrong("markup", found[0].strip()) if found else None


def _to_the_point(draft: Draft) -> Wrong | None:
    found = _META.search(draft.text)
    return Wrong("talks about itself", found[0]) if found else None


def _in_register(draft: Draft) -> Wrong | None:
    """である調, as the posts are written in."""
    found = _POLITE.search(draft.text) if draft.tongue == "ja" else None
    return Wrong("です・ます", found[0]) if found else None


def _numbers(draft: Draft) -> Wrong | None:
    strange = strange_numbers(draft.text, draft.source)
    return Wrong("numbers that the source does not have", ", ".join(strange)) if strange else None


def _names(draft: Draft) -> Wrong | None:
    latin = draft.tongue not in _OWN_SCRIPT
    strange = (strange_acronyms if latin else strange_names)(draft.text, draft.source)
    return Wrong("names that the source does not have", ", ".join(strange)) if strange else None


def _own_words(draft: Draft) -> Wrong | None:
    """Only where a summary can be a copy: papers are in English, or in another language written with blanks."""
    if draft.tongue in _OWN_SCRIPT:
        return None
    share = copied_share(draft.text, draft.source)
    return Wrong("copied from the source", f"{share:.0%}") if share > COPIED else None


_CHECKS: tuple[Callable[[Draft], Wrong | None], ...] = (
    _not_short,
    _not_endless,
    _whole,
    _in_language,
    _in_register,
    _plain,
    _to_the_point,
    _numbers,
    _names,
    _own_words,
)
