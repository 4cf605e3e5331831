"""What a summary puts in quotation marks: words of its source, or words that only the summary has.

A paper on prompt injection has a summary that quotes an order, and a paper on abstention one that quotes 「分かりません」.
Quotation marks around a summary's own words excuse nothing.
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
_SAID = re.compile(
    r"[ -~]|と(?:い(?:う|った)(?:言葉|語|一文|文)で)?"
    r"(?:述べ|主張|書|結論|呼び|訴え|勧め|記|宣言|断言|説|語|締め|結ば)"
    r"|で(?:ある|結|終|締)|だ。"
)
"""A paper's speech in Japanese is known by its verb, which follows."""
_LEAST_WORDS = 5
"""Of a quotation in a language with blanks that is looked at as a sentence. Shorter ones are names: "look before you leap"."""


_MUCH = 0.7
"""Share of a quotation's words that a quotation of the source has."""
_WORD = re.compile(r"\w+")


def blanked(text: str) -> str:
    """A text with its short quotations emptied: 「」 in the place of each."""
    return _QUOTED.sub("「」", text)


def own_words(text: str, source: str, stop: str, *, may_translate: bool) -> str:
    """A summary without the quotations of its source; each other one stands at the end again, after `stop` (`。`).

    A quotation is the source's if it stands there, whatever its blanks, hyphens and capitals are, or if most of its words
    stand in one quotation there. With `may_translate` (the summary is not in the source's language) any is where the
    source quotes something. A question is taken for an example. What the paper or its authors are said to say is the
    summary's in any case.
    """
    known = _letters(source)
    quoted = [_words(found[0]) for found in _QUOTED.finditer(source)]
    translates = may_translate and bool(quoted)
    sentences: list[str] = []

    def judged(found: re.Match[str]) -> str:
        words = found[0][1:-1]
        is_known = translates or _letters(words) in known or any(_is_much_of(_words(words), one) for one in quoted)
        if (is_known or words.endswith("?")) and not _is_said_by_the_paper(found):
            return "「」"
        if _is_sentence(words):
            sentences.append(words)
        return words

    return stop.join((_QUOTED.sub(judged, text), *sentences))


def _is_said_by_the_paper(found: re.Match[str]) -> bool:
    before, after = found.string[max(0, found.start() - 60) : found.start()], found.string[found.end() :]
    return _SPEAKER.search(before) is not None and (not after or _SAID.match(after) is not None)


def _is_sentence(words: str) -> bool:
    """Whether a quotation can be an order by itself. 「状態を共有すること」 names a thing."""
    return not words.endswith("こと") if not words.isascii() else len(words.split()) >= _LEAST_WORDS


def _is_much_of(words: frozenset[str], quoted: frozenset[str]) -> bool:
    return len(words & quoted) >= _MUCH * len(words)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _letters(text: str) -> str:
    return _BROKEN_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())
