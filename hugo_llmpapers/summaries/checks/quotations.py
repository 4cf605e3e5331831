"""Quotations in a summary: words of its source, or words that only the summary has.

The summary of a paper on prompt injection quotes an order, that of a paper on abstention quotes 「分かりません」. Words in
quotation marks that the source does not have are checked like all others.
"""

from __future__ import annotations

import re
import unicodedata

_QUOTED = re.compile(
    r"「([^「」]{1,60})」|『([^『』]{1,60})』|“([^“”]{1,90})”|\"([^\"]{1,90})\"|«([^«»]{1,90})»|„([^„“”]{1,90})[“”]"
)
_BROKEN_WORD = re.compile(r"(?<=\w)[-\u00ad\u2010\u2011]\s*(?=\w)|\s+")
_SPEAKER = re.compile(
    r"(?:著者(?:ら|たち)?|本(?:論文|研究|稿)|結論|論文|要旨)[^。「『]{0,12}$"
    r"|\b(?:authors?|paper|conclusions?|abstract|article|study) (?:\w+ ){0,2}(?:writes?|wrote|says?|said|states?|stated"
    r"|concludes?|concluded|argues?|argued|claims?|claimed|urges?|urged|recommends?|insists?|declares?|demands?|reads?"
    r"|ends? with|adds?|suggests?|advises?)(?: that)?[,:]? $",
    re.IGNORECASE,
)
_AFTER_SPEECH = re.compile(
    r"[ -~]|と(?:い(?:う|った)(?:言葉|語|一文|文)で)?"
    r"(?:述べ|主張|書|結論|呼び|訴え|勧め|記|宣言|断言|説|語|締め|結ば)"
    r"|で(?:ある|結|終|締)|だ。"
)
"""What follows a quotation of the paper or its authors: in Japanese a verb."""
_MIN_WORDS = 5
"""Of a quotation in a language with blanks that is checked as a sentence. Shorter ones are names: "look before you leap"."""
_MIN_SHARED_WORDS = 0.7
"""Share of a quotation's words that a quotation of the source must have to be the same."""
_WORD = re.compile(r"\w+")


def without_quotations(text: str) -> str:
    """Return a text with 「」 in the place of each short quotation."""
    return _QUOTED.sub("「」", text)


def without_source_quotations(text: str, source: str, stop: str, *, may_translate: bool) -> str:
    """Return a summary without the quotations of its source. Each other one is repeated at the end, after `stop` (`。`).

    A quotation is the source's if the source contains it, blanks, hyphens and capitals aside, or has a quotation with most
    of its words. With `may_translate` (the summary is in another language than its source) every quotation is, if the
    source has any. Questions count as examples. What the paper or its authors are said to say is never the source's.
    """
    source_letters = _letters(source)
    quoted = [_words(found[0]) for found in _QUOTED.finditer(source)]
    translates = may_translate and bool(quoted)
    sentences: list[str] = []

    def replace(found: re.Match[str]) -> str:
        words = found[0][1:-1]
        parts = _words(words)
        is_quoted = any(len(parts & other) >= _MIN_SHARED_WORDS * len(parts) for other in quoted)
        is_source = translates or _letters(words) in source_letters or is_quoted
        if (is_source or words.endswith("?")) and not _is_speech_of_paper(found):
            return "「」"
        if _is_sentence(words):
            sentences.append(words)
        return words

    return stop.join((_QUOTED.sub(replace, text), *sentences))


def _is_speech_of_paper(found: re.Match[str]) -> bool:
    before, after = found.string[max(0, found.start() - 60) : found.start()], found.string[found.end() :]
    return _SPEAKER.search(before) is not None and (not after or _AFTER_SPEECH.match(after) is not None)


def _is_sentence(words: str) -> bool:
    """Return whether a quotation can be an order by itself. 「状態を共有すること」 names a thing."""
    return not words.endswith("こと") if not words.isascii() else len(words.split()) >= _MIN_WORDS


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _letters(text: str) -> str:
    return _BROKEN_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())
