"""Which language a text is in, as far as a summary's check needs to know: by script, by kana, by small words."""

from __future__ import annotations

import re
from collections import Counter

_SCRIPTS = {
    "ja": "\u3040-\u30ff\u3400-\u9fff々ー", "zh": "\u3400-\u9fff", "ko": "\uac00-\ud7a3", "ru": "\u0400-\u04ff",
    "uk": "\u0400-\u04ff", "bg": "\u0400-\u04ff", "ar": "\u0600-\u06ff", "fa": "\u0600-\u06ff", "he": "\u0590-\u05ff",
    "hi": "\u0900-\u097f",
    "th": "\u0e00-\u0e7f", "el": "\u0370-\u03ff",
}  # fmt: skip
"""The letters of languages with a script of their own, in which a Latin word is a name."""
_LETTERS = {tongue: re.compile(f"[{letters}]") for tongue, letters in _SCRIPTS.items()}
_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_FOREIGN = re.compile(f"[{''.join(_SCRIPTS.values())}]")
_SMALL_WORDS = {
    tongue: frozenset(words.split())
    for tongue, words in {
        "en": "the of and to is that with for by from which are was as it this when while on",
        "de": "der das und ist den dem des mit für von ein eine einer nicht auf im zu bei sich werden wird",
        "fr": "le la les des du et est une que qui pour dans avec par sur au aux ne pas plus sont à",
        "es": "el la los las del y es una que con por para se más como su al sin un en",
        "it": "il lo gli della del di e è una che con non si sono più dei nel alla",
        "pt": "o os da dos das e é uma que com por para não em na se mais ao",
        "nl": "de het een van en dat met voor op te zijn niet bij wordt door aan",
        "pl": "w na z że się jest nie od dla jak przez oraz po które który",
        "tr": "ve bir bu ile için olarak da de daha olan gibi çok her",
        "vi": "và của là các một cho trong được với không này khi để có",
    }.items()
}
_SPEAKERS = {
    word: [tongue for tongue, small in _SMALL_WORDS.items() if word in small] for words in _SMALL_WORDS.values() for word in words
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"(?:[^。.!?！？।]+|(?<=\d)\.(?=\d))+")
_LEAST_WORDS = 8
_LEAST_LETTERS = 20
"""Of a sentence that is judged by itself: shorter ones can be a name or a quotation."""


def has_own_script(tongue: str) -> bool:
    """Whether a Latin word in a text of that language is a name."""
    return tongue in _SCRIPTS


def strange_passage(text: str, tongue: str) -> str | None:
    """What of a text is not in that language (`ja`): the text if it is the whole, else a sentence; None where all is.

    A language that is not known here is only told from those with a script of their own.
    """
    if not _fits(text, tongue, share=0.5):
        return text
    found = (s for s in _SENTENCE.findall(text) if _is_long(s, tongue) and not _fits(s, tongue, share=0.2))
    return next((sentence.strip() for sentence in found), None)


def _is_long(sentence: str, tongue: str) -> bool:
    return sum(map(str.isalpha, sentence)) >= _LEAST_LETTERS and (
        tongue in _SCRIPTS or bool(_FOREIGN.search(sentence)) or len(_WORD.findall(sentence)) >= _LEAST_WORDS
    )


def _fits(text: str, tongue: str, share: float) -> bool:
    letters = max(1, sum(map(str.isalpha, text)))
    kana = len(_KANA.findall(text))
    if tongue not in _SCRIPTS:
        return len(_FOREIGN.findall(text)) <= 0.2 * letters and _sounds(text, tongue)
    own = len(_LETTERS[tongue].findall(text))
    if tongue == "ja":
        return own >= share * letters and kana >= share / 5 * own
    return own >= share * letters and kana <= 0.05 * letters


def _sounds(text: str, tongue: str) -> bool:
    """Whether no other language's small words are clearly more frequent than its own."""
    if tongue not in _SMALL_WORDS:
        return True
    counts = Counter(name for word in _WORD.findall(text.casefold()) for name in _SPEAKERS.get(word, ()))
    most = max(counts.values(), default=0)
    return most < 2 if counts[tongue] == 0 else most <= counts[tongue] + 2
