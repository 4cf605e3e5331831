"""What a summary must be before it counts: pure functions that say what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

SHORTEST = {"ja": 120}
"""Characters; 200 for the languages that are not named, whose words are longer."""
LONGEST = {"ja": 900}
"""Characters; 2,000 for the others."""
_MARKUP = re.compile(
    r"https?://|www\.|</?[a-zA-Z][^>]*>|\{\{|\}\}|\]\(|!\[|```|\*\*|^\s*(?:#{1,6} |[-*] |> |---)", re.MULTILINE
)
_META = re.compile(
    r"以下(?:は|に)(?:要約|論文)|要約します|要約は以下|承知|かしこまり|申し訳|お手伝い"
    r"|as an ai\b|here is (?:a|the) summary|i (?:cannot|can't)",
    re.IGNORECASE,
)
_ENDS = {"ja": "。」）", "zh": "。”）"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A check that a summary failed."""

    check: str
    """Its name."""
    piece: str
    """What was found, or what is missing."""


def check(text: str, language: str) -> tuple[Wrong, ...]:
    """Everything that is wrong with a summary in that language (BCP 47); empty if it may be published."""
    tongue = language.partition("-")[0].lower()
    return tuple(wrong for one in _CHECKS if (wrong := one(text, tongue)) is not None)


def _not_empty(text: str, tongue: str) -> Wrong | None:
    least = SHORTEST.get(tongue, 200)
    return Wrong("too short", f"{len(text)} characters, at least {least}") if len(text) < least else None


def _not_endless(text: str, tongue: str) -> Wrong | None:
    most = LONGEST.get(tongue, 2000)
    return Wrong("too long", f"{len(text)} characters, at most {most}") if len(text) > most else None


def _whole(text: str, tongue: str) -> Wrong | None:
    ends = _ENDS.get(tongue, '.!?”")。')
    return None if text[-1:] and text[-1] in ends else Wrong("cut off", text[-20:])


def _in_language(text: str, tongue: str) -> Wrong | None:
    """Kana is what tells Japanese from Chinese; for other languages only their script is looked at."""
    letters = [c for c in text if c.isalpha()]
    kana = sum("HIRAGANA" in (n := unicodedata.name(c, "")) or "KATAKANA" in n for c in letters)
    cjk = sum("CJK" in unicodedata.name(c, "") for c in letters)
    share = (kana + cjk) / max(1, len(letters))
    if tongue == "ja":
        fits = share >= 0.5 and kana >= 0.2 * len(letters)
    elif tongue in {"zh", "ko"}:
        fits = kana <= 0.05 * len(letters)
    else:
        fits = share <= 0.2
    return None if fits else Wrong("wrong language", f"not {tongue}: {text[:30]}")


def _plain(text: str, _tongue: str) -> Wrong | None:
    found = _MARKUP.search(text)
    return Wrong("markup", found[0].strip()) if found else None


def _to_the_point(text: str, _tongue: str) -> Wrong | None:
    found = _META.search(text)
    return Wrong("talks about itself", found[0]) if found else None


_CHECKS: tuple[Callable[[str, str], Wrong | None], ...] = (
    _not_empty,
    _not_endless,
    _whole,
    _in_language,
    _plain,
    _to_the_point,
)
