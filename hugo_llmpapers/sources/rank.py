"""Which papers a reader should see first.

A paper's place is due to the source whose signal speaks loudest for it. Signals are percentiles among the paper's
like (same source, same age), so a paper listed yesterday is not measured against one that gathered votes for a week.
All weights stand here.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hugo_llmpapers.records import Candidate, Listing, Paper, Reason, Skipped, SourceName
from hugo_llmpapers.sources.topic import Named, Topic, fit, named, theme

SIGNAL: dict[SourceName, float] = {"huggingface": 50.0, "semanticscholar": 45.0, "arxiv": 38.0}
"""Points of the best paper of its like. Readers' votes say more than citations after a few weeks, and those more than
what arXiv alone can say: topic, venue and code."""
AGREEMENT = 0.12
"""What a second and third source's signal counts of its own points."""
TOPIC = 10.0
FRESH = 10.0
"""Points of a paper listed this moment, falling to none over the window."""
LATE_RISER = 6.0
"""Points for the top of an older like, which freshness has left behind."""
LATE_RISER_FROM = 0.85
LATE = timedelta(days=2)
MANY_VOTES = 60
"""A paper with so many Hugging Face votes is notable on any day; the median of a day's list is 6."""
CODE, VENUE = 3.0, 2.0
SHARE_OF_SOURCE = 0.6
"""No source speaks for more of a post's places while others have a paper to offer."""
SHARE_OF_THEME = 0.4
"""Nor does one theme take more."""
_ACCEPTED = re.compile(
    r"\b(?:accepted|to appear|camera.ready|published (?:at|in)|(?:ICLR|ICML|NeurIPS|ACL|EMNLP|NAACL|CVPR)\b)",
    re.IGNORECASE,
)
_PENDING = re.compile(
    r"\b(?:submitted to|submission|under (?:\w+ )?review|in review|rejected|not accepted)\b", re.IGNORECASE
)
_WITHDRAWN = re.compile(r"\b(?:withdrawn|retracted)\b", re.IGNORECASE)
_WITHDRAWN_ABSTRACT = re.compile(
    r"(?:this|the) (?:paper|submission|article|manuscript|work)(?: \([^)]*\))? "
    r"(?:has been|was|is) (?:withdrawn|retracted|removed)",
    re.IGNORECASE,
)
"""What the abstract of a paper becomes of which nothing is left; one *about* withdrawal does not begin so."""
_CODE_LINK = re.compile(r"\bgithub\.com/|\bhuggingface\.co/")


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidates in the order in which they are tried, and those that were left out with the reason."""

    candidates: tuple[Candidate, ...]
    skipped: tuple[Skipped, ...]


def rank(
    papers: Sequence[Paper], about: Topic, exclude: Topic, until: datetime, window_days: int, count: int
) -> Ranking:
    """Best first, with themes and sources mixed among the first `count`. `until`: UTC, where the window ends."""
    skipped, wanted, names = [], [], dict[str, Named]()
    for paper in papers:
        if is_withdrawn(paper):
            skipped.append(Skipped(paper.arxiv_id, "rank", "withdrawn by its authors or by arXiv"))
        elif hit := exclude.named_in(f"{paper.title}\n{paper.abstract}"):
            skipped.append(Skipped(paper.arxiv_id, "rank", f"excluded by “{hit[0]}”"))
        elif not fit(found := named(paper, about)):
            skipped.append(Skipped(paper.arxiv_id, "rank", "off topic: names none of the keywords"))
        else:
            wanted.append(paper)
            names[paper.arxiv_id] = found
    signal = _signals(wanted, names, until)
    scored = [_score(paper, signal, names[paper.arxiv_id], until, timedelta(days=window_days)) for paper in wanted]
    scored.sort(key=lambda c: (-c.score, c.paper.arxiv_id))
    return Ranking(tuple(_mixed(scored, names, count)), tuple(skipped))


def is_withdrawn(paper: Paper) -> bool:
    """Whether arXiv's comment, or an abstract that is nothing but the notice, says so.

    https://info.arxiv.org/help/withdraw.html
    """
    return bool(_WITHDRAWN.search(paper.comment or "") or _WITHDRAWN_ABSTRACT.match(paper.abstract))


def is_accepted(comment: str | None) -> bool:
    """Whether arXiv's comment names a venue that took the paper."""
    return bool(comment and _ACCEPTED.search(comment) and not _PENDING.search(comment))


def has_code(paper: Paper) -> bool:
    """Whether the paper's code or model can be had."""
    return paper.code_url is not None or bool(_CODE_LINK.search(f"{paper.comment} {paper.abstract}"))


def _signals(
    papers: Iterable[Paper], names: Mapping[str, Named], until: datetime
) -> dict[tuple[str, SourceName], float]:
    """How each listing stands among its like, 0 to 1, by arXiv id and source."""
    likes: dict[tuple[SourceName, int], list[tuple[float, str]]] = defaultdict(list)
    for paper in papers:
        for listing in paper.listings:
            value = _VALUE[listing.source](paper, listing, names[paper.arxiv_id])
            if value is not None:
                likes[listing.source, _age_group(listing, until)].append((value, paper.arxiv_id))
    found: dict[tuple[str, SourceName], float] = {}
    for (source, _), rows in likes.items():
        values = sorted(value for value, _ in rows)
        for value, arxiv_id in rows:
            below = bisect_left(values, value)
            ties = bisect_right(values, value) - below
            # The first of two is no feat: few of a like count less.
            place = (below + 0.5 * ties) / (len(values) + 1.0)
            found[arxiv_id, source] = place if source != "huggingface" else (place + _loudness(value)) / 2
    return found


def _loudness(votes: float) -> float:
    """Votes on their own, 0 to 1: days differ, and the second of a strong day beats the first of a weak one."""
    return min(1.0, math.log1p(votes) / math.log1p(MANY_VOTES))


def _age_group(listing: Listing, until: datetime) -> int:
    """Days for lists of the day, weeks for citations."""
    if listing.listed is None:
        return -1
    days = (until.date() - listing.listed.date()).days
    return days // 7 if listing.source == "semanticscholar" else days


def _votes(_paper: Paper, listing: Listing, _names: Named) -> float | None:
    return None if listing.votes is None else float(listing.votes)


def _citations(_paper: Paper, listing: Listing, _names: Named) -> float | None:
    return float(listing.citations) if listing.citations else None


def _appeal(paper: Paper, _listing: Listing, names: Named) -> float:
    return fit(names) + 0.3 * is_accepted(paper.comment) + 0.2 * has_code(paper)


_VALUE: dict[SourceName, Callable[[Paper, Listing, Named], float | None]] = {
    "huggingface": _votes,
    "semanticscholar": _citations,
    "arxiv": _appeal,
}


def _score(
    paper: Paper,
    signal: dict[tuple[str, SourceName], float],
    names: Named,
    until: datetime,
    window: timedelta,
) -> Candidate:
    heard = {x.source: signal[paper.arxiv_id, x.source] for x in paper.listings if (paper.arxiv_id, x.source) in signal}
    points = {source: SIGNAL[source] * value for source, value in heard.items()}
    first: SourceName = max(points, key=lambda s: points[s], default=paper.listings[0].source)
    speaks = paper.listing_from(first)
    reasons = [Reason(first, points.get(first, 0.0), _evidence(speaks, heard.get(first)))]
    reasons += [
        Reason(f"also {source}", AGREEMENT * value, _evidence(paper.listing_from(source), None))
        for source, value in points.items()
        if source != first
    ]
    reasons.append(Reason("topic", TOPIC * fit(names), ", ".join(names.title)))
    age = until - speaks.listed if speaks is not None and speaks.listed is not None else window
    freshness = FRESH * min(1.0, max(0.0, 1.0 - age / window))
    if heard.get(first, 0.0) >= LATE_RISER_FROM and age >= LATE and freshness < LATE_RISER:
        reasons.append(Reason("late riser", LATE_RISER, f"{age.days} d"))
    else:
        reasons.append(Reason("fresh", freshness, f"{age.days} d"))
    reasons += [Reason("code", CODE)] * has_code(paper) + [Reason("venue", VENUE)] * is_accepted(paper.comment)
    return Candidate(paper, sum(r.points for r in reasons), tuple(reasons), first)


def _evidence(listing: Listing | None, percentile: float | None) -> str:
    if listing is None:
        return ""
    counted = {"huggingface": ("votes", listing.votes), "semanticscholar": ("citations", listing.citations)}
    name, number = counted.get(listing.source, ("", None))
    parts = [f"{number} {name}" if number is not None else "", f"{percentile:.2f}" if percentile else ""]
    return ", ".join(part for part in parts if part)


def _mixed(scored: Sequence[Candidate], names: Mapping[str, Named], count: int) -> list[Candidate]:
    """The first `count` with no source and no theme beyond its share, then the others by score.

    Where that leaves places, a source gets more than its share before a theme does.
    """
    most_of_source = max(1, math.ceil(count * SHARE_OF_SOURCE))
    most_of_theme = max(1, math.ceil(count * SHARE_OF_THEME))
    first: set[str] = set()
    sources: Counter[SourceName] = Counter()
    themes: Counter[str | None] = Counter()
    for share in (most_of_source, count):
        for candidate in scored:
            subject = theme(names[candidate.paper.arxiv_id])
            full = sources[candidate.source] >= share or (subject is not None and themes[subject] >= most_of_theme)
            if len(first) < count and not full and candidate.paper.arxiv_id not in first:
                first.add(candidate.paper.arxiv_id)
                sources[candidate.source] += 1
                themes[subject] += 1
    return sorted(scored, key=lambda c: c.paper.arxiv_id not in first)
