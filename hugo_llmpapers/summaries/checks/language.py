"""Tells whether a text is in a language: by its script, by kana, by small words."""

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
_LETTERS = {language: re.compile(f"[{letters}]") for language, letters in _SCRIPTS.items()}
_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_ANY_OWN_SCRIPT = re.compile(f"[{''.join(_SCRIPTS.values())}]")
_SMALL_WORDS = {
    language: frozenset(words.split())
    for language, words in {
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
_LANGUAGES_OF_WORD = {
    word: [language for language, words in _SMALL_WORDS.items() if word in words]
    for word in frozenset().union(*_SMALL_WORDS.values())
}
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"(?:[^。.!?！？।]+|(?<=\d)\.(?=\d))+")
_MIN_WORDS = 8
_MIN_LETTERS = 20
"""Of a sentence that is checked by itself: shorter ones can be a name or a quotation."""


def has_own_script(language: str) -> bool:
    """Return whether the language is not written in Latin script, so that Latin words in it are names."""
    return language in _SCRIPTS


def passage_in_other_language(text: str, language: str) -> str | None:
    """Return the part of a text that is not in the language (`ja`): all of it, else one sentence; None if there is none.

    A language that is not in the tables is only distinguished from those with a script of their own.
    """
    if not _fits(text, language, share=0.5):
        return text
    others = (s for s in _SENTENCE.findall(text) if _is_long(s, language) and not _fits(s, language, share=0.2))
    return next((sentence.strip() for sentence in others), None)


def _is_long(sentence: str, language: str) -> bool:
    return sum(map(str.isalpha, sentence)) >= _MIN_LETTERS and (
        language in _SCRIPTS or bool(_ANY_OWN_SCRIPT.search(sentence)) or len(_WORD.findall(sentence)) >= _MIN_WORDS
    )


def _fits(text: str, language: str, share: float) -> bool:
    letters = max(1, sum(map(str.isalpha, text)))
    kana = len(_KANA.findall(text))
    if language not in _SCRIPTS:
        return len(_ANY_OWN_SCRIPT.findall(text)) <= 0.2 * letters and _has_its_small_words(text, language)
    own = len(_LETTERS[language].findall(text))
    if language == "ja":
        return own >= share * letters and kana >= share / 5 * own
    return own >= share * letters and kana <= 0.05 * letters


def _has_its_small_words(text: str, language: str) -> bool:
    """Return whether no other language's small words are clearly more frequent than the language's own."""
    if language not in _SMALL_WORDS:
        return True
    counts = Counter(name for word in _WORD.findall(text.casefold()) for name in _LANGUAGES_OF_WORD.get(word, ()))
    most = max(counts.values(), default=0)
    return most < 2 if counts[language] == 0 else most <= counts[language] + 2
