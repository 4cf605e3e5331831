"""The units of numbers: 40 minutes are not 40 hours, 8 % is not 8 points.

Only unambiguous units are known: those of time, money and data, percent, points, times, and some of physics.
"""

from __future__ import annotations

import re

from hugo_llmpapers.summaries.checks.numbers import Number

_UNITS = {
    "point": r"(?:percentage|%)[\s-]?points?|points?|pts?\b|pp\b|(?:%|パーセント)?ポイント|%p\b|%?포인트|个?百分点|個百分點"
    r"|(?:Prozent)?[Pp]unkt|puntos?|пункт",
    "percent": r"%|per ?cent\b|パーセント|퍼센트|Prozent|pour cent|por ciento|процент",
    "times": r"x(?![A-Za-z0-9])|×(?!\s?\d)|times\b|fold\b|倍|배(?!포|치|경|열)|mal\b|fach|fois\b|veces\b|раза?\b",
    "millisecond": r"ms\b|milliseconds?|ミリ秒|毫秒|밀리초|Millisekunde|millisecondes?|milisegundos?|мс\b",
    "second": r"s\b|secs?\b|seconds?\b|秒|초|Sekunde|secondes?\b|segundos?\b|с\b|секунд",
    "minute": r"mins?\b|minutes?\b|分(?![の之][\d一二三四五六七八九十]|[け割類布析野岐解散離母別担業木探量配身数])"
    r"|분(?!의|류|산|석|야|할|기|포)|Minute|minutos?\b|минут",
    "hour": r"h\b|hrs?\b|hours?\b|時間|小时|小時|시간|Stunde|heures?\b|horas?\b|час(?:а|ов)?\b",
    "day": r"days?\b|日(?!本|付|時|常)|天|일(?!반|부|치|관|정)|Tage?n?\b|jours?\b|días?\b|дн[яей]",
    "week": r"weeks?\b|週|周|주(?!요|제|장)|Woche|semaines?\b|semanas?\b|недел",
    "month": r"months?\b|[かカヶヵケ箇个個]月|개월|Monat|mois\b|mes(?:es)?\b|месяц",
    "year": r"years?\b|年(?!代|生|齢|级)|년(?!대)|Jahre?n?\b|ans\b|années?\b|años?\b|лет\b|год",
    "dollar": r"dollars?\b|\$|USD\b|ドル|美元|달러|Dollar|dólares\b|доллар",
    "euro": r"euros?\b|€|EUR\b|ユーロ|欧元|유로|Euro|евро",
    "yen": r"yens?\b|JPY\b|円|日元|엔(?!진)|Yen",
    "KB": r"[kK]i?B\b", "MB": r"Mi?B\b", "GB": r"Gi?B\b", "TB": r"Ti?B\b",
    "byte": r"[Bb]ytes?\b|バイト|字节|바이트|octets?\b", "W": r"W\b|watts?\b|Вт(?!·)|ワット(?!時)", "Wh": r"Wh\b|Вт·ч|ワット時",
    "kW": r"kW\b", "kWh": r"kWh\b", "kg": r"kg\b", "g": r"g\b|grams?\b|Gramm\b|グラム",
    "km": r"km\b|kilomet(?:er|re)s?\b|キロメートル",
    "Hz": r"Hz\b", "kHz": r"kHz\b", "MHz": r"MHz\b", "GHz": r"GHz\b",
}  # fmt: skip
_WORD_ENDS = "(?![A-Za-zÀ-ɏЀ-ӿ])"
"""In Japanese there is no `\\b` between `GB` and what follows."""
_ANY = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items()).replace(r"\b", _WORD_ENDS)
_OF_WHAT = r"(?:(?:GPU|CPU|TPU|[AH]\d00|US|米)(?:[\s-]|(?![A-Za-z])))?"
_AT_NUMBER = re.compile(rf"[\s-]?{_OF_WHAT}(?:{_ANY})")
_NEAR_NUMBER = re.compile(
    r"(?:(?:[\s,~]+|[-–+±/&])(?:(?:to|and|or|from|vs\.?|versus|against|by)\s+)?[$€¥£+~±-]?\d+(?:[.,]\d+){0,3}[kKMBT]?%?){0,6}+"
    rf"[\s-]*(?:[A-Za-z]+[\s-]+){{0,3}}?(?:{_ANY})"
)
_MONEY = {"$": "dollar", "€": "euro", "¥": "yen"}
_BEFORE_NUMBER = re.compile(
    r"(?:(\bage[ds]?\b[\w\s-]{0,15})|(?:factor|speed-?up|ratio)s? (?:of|by) (?:about |almost |over |up to |~)?)$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\(\d\)")
_OPTIONAL = frozenset({"percent", "point", "times"})
"""Units that a source may omit: an accuracy of 63.5 is one of 63.5 %."""


def unit_at(number: Number, text: str) -> str | None:
    """Return the unit directly before or after a number; None if there is none, and for dates."""
    found = _MONEY.get(text[number.start - 1 : number.start]) or _name(_AT_NUMBER.match(text, number.end))
    in_a_date = found in {"year", "second"} and _is_calendar(number)
    in_a_month = found == "day" and text[: number.start].rstrip().endswith(("月", "월"))
    return None if in_a_date or in_a_month else found


def unit_near(number: Number, source: str) -> str | None:
    """Return the unit of a number in a source, also at the end of its range: 5 in `5 to 10 minutes`, 2 in `two long years`.

    A number in words without a unit counts things, as (2) counts points: its unit is `count`, never a percentage.
    """
    if number.unit or (here := unit_at(number, source)):
        return number.unit or here
    if (before := _BEFORE_NUMBER.search(source, max(0, number.start - 30), number.start)) is not None:
        return "year" if before[1] else "times"
    near = None if _is_calendar(number) else _name(_NEAR_NUMBER.match(source, number.end))
    counts = source[number.start].isalpha() or _LISTED.fullmatch(source, max(0, number.start - 1), number.end + 1)
    return near or ("count" if counts else None)


def is_compatible(unit: str, source_units: set[str | None]) -> bool:
    """Return whether a number may have this unit if it has those in its source (None: without a unit)."""
    return unit in source_units or (None in source_units and unit in _OPTIONAL)


def _is_calendar(number: Number) -> bool:
    return any(1000 <= value < 3000 and value == int(value) for value in number.readings)


def _name(match: re.Match[str] | None) -> str | None:
    return match.lastgroup if match else None
