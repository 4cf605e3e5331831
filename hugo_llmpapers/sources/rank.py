"""Ranks papers. All weights are in this module.

A paper's score comes mainly from the source with its strongest signal. Signals are percentiles among the papers of the
same source and age, so a paper listed yesterday does not compete with one that collected votes for a week.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hugo_llmpapers.records import Candidate, Listing, Paper, Reason, Skipped, SourceName
from hugo_llmpapers.sources.topic import KeywordMatches, Topic, match_keywords, theme, topic_score

SIGNAL: dict[SourceName, float] = {"huggingface": 50.0, "semanticscholar": 45.0, "arxiv": 38.0}
"""Points of the best paper among its peers. Votes weigh more than citations after a few weeks, and those more than arXiv's
signals: topic, venue and code."""
AGREEMENT = 0.12
"""Share of the points that the signals of further sources add."""
TOPIC = 10.0
FRESH = 10.0
"""Points of a paper listed just now; they fall to 0 over the window."""
LATE_RISER = 6.0
"""Points for the best of older papers, instead of freshness."""
LATE_RISER_FROM = 0.85
LATE = timedelta(days=2)
MANY_VOTES = 60
"""Hugging Face votes of a paper that is notable on any day; the median of a day's list is 6."""
CODE, VENUE = 3.0, 2.0
SHARE_OF_SOURCE = 0.6
"""Maximum share of a post's papers from one source, while other sources have papers."""
SHARE_OF_THEME = 0.4
"""The same for one theme."""
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
"""The abstract of a withdrawn paper is only this notice; an abstract *about* withdrawal does not begin with it."""
_CODE_LINK = re.compile(r"\bgithub\.com/|\bhuggingface\.co/")


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidates, best first, and the papers that were skipped."""

    candidates: tuple[Candidate, ...]
    skipped: tuple[Skipped, ...]


def rank(
    papers: Sequence[Paper], topic: Topic, exclude: Topic, until: datetime, window_days: int, count: int
) -> Ranking:
    """Rank the papers, with themes and sources mixed among the first `count`. `until`: end of the window in UTC."""
    skipped, on_topic, matches = [], [], dict[str, KeywordMatches]()
    for paper in papers:
        found = match_keywords(paper, topic)
        if is_withdrawn(paper):
            skipped.append(Skipped(paper.arxiv_id, "rank", "withdrawn by its authors or by arXiv"))
        elif excluded := exclude.keywords_in(f"{paper.title}\n{paper.abstract}"):
            skipped.append(Skipped(paper.arxiv_id, "rank", f"excluded by “{excluded[0]}”"))
        elif not topic_score(found):
            skipped.append(Skipped(paper.arxiv_id, "rank", "off topic: contains none of the keywords"))
        else:
            on_topic.append(paper)
            matches[paper.arxiv_id] = found
    signals = _signals(on_topic, matches, until)
    window = timedelta(days=window_days)
    scored = [_score(paper, signals[paper.arxiv_id], matches[paper.arxiv_id], until, window) for paper in on_topic]
    scored.sort(key=lambda c: (-c.score, c.paper.arxiv_id))
    return Ranking(tuple(_mixed(scored, matches, count)), tuple(skipped))


def is_withdrawn(paper: Paper) -> bool:
    """Return whether arXiv's comment or the abstract has the notice. https://info.arxiv.org/help/withdraw.html"""
    return bool(_WITHDRAWN.search(paper.comment or "") or _WITHDRAWN_ABSTRACT.match(paper.abstract))


def is_accepted(comment: str | None) -> bool:
    """Return whether arXiv's comment names a venue that accepted the paper."""
    return bool(comment and _ACCEPTED.search(comment) and not _PENDING.search(comment))


def has_code(paper: Paper) -> bool:
    """Return whether the paper links to its code or model."""
    return paper.code_url is not None or bool(_CODE_LINK.search(f"{paper.comment} {paper.abstract}"))


def _signals(
    papers: Iterable[Paper], matches: Mapping[str, KeywordMatches], until: datetime
) -> dict[str, dict[SourceName, float]]:
    """Return the percentile of each listing among its peers, 0 to 1, by arXiv id and source."""
    peer_groups: dict[tuple[SourceName, int], list[tuple[float, str]]] = defaultdict(list)
    for paper in papers:
        for listing in paper.listings:
            value = _value(paper, listing, matches[paper.arxiv_id])
            if value is not None:
                peer_groups[listing.source, _age_group(listing, until)].append((value, paper.arxiv_id))
    signals: dict[str, dict[SourceName, float]] = {paper_id: {} for paper_id in matches}
    for (source, _), rows in peer_groups.items():
        values = sorted(value for value, _ in rows)
        for value, paper_id in rows:
            below = bisect_left(values, value)
            ties = bisect_right(values, value) - below
            # The first of two papers is not remarkable: papers of small groups get less.
            percentile = (below + 0.5 * ties) / (len(values) + 1.0)
            if source == "huggingface":
                # Half by the votes alone: the second of a strong day beats the first of a weak one.
                percentile = (percentile + min(1.0, math.log1p(value) / math.log1p(MANY_VOTES))) / 2
            signals[paper_id][source] = percentile
    return signals


def _age_group(listing: Listing, until: datetime) -> int:
    """Return the age in days, for citations in weeks; -1 if it is not known."""
    if listing.listed is None:
        return -1
    days = (until.date() - listing.listed.date()).days
    return days // 7 if listing.source == "semanticscholar" else days


def _value(paper: Paper, listing: Listing, matches: KeywordMatches) -> float | None:
    """Return what the source's papers are compared by; None if the listing does not have it."""
    if listing.source == "huggingface":
        return listing.votes
    if listing.source == "semanticscholar":
        return listing.citations or None
    return topic_score(matches) + 0.3 * is_accepted(paper.comment) + 0.2 * has_code(paper)


def _score(
    paper: Paper, signals: Mapping[SourceName, float], matches: KeywordMatches, until: datetime, window: timedelta
) -> Candidate:
    points = {x.source: SIGNAL[x.source] * signals[x.source] for x in paper.listings if x.source in signals}
    first: SourceName = max(points, key=lambda s: points[s], default=paper.listings[0].source)
    listing = paper.listing_from(first)
    reasons = [Reason(first, points.get(first, 0.0), _evidence(listing, signals.get(first)))]
    reasons += [
        Reason(f"also {source}", AGREEMENT * value, _evidence(paper.listing_from(source), None))
        for source, value in points.items()
        if source != first
    ]
    reasons.append(Reason("topic", TOPIC * topic_score(matches), ", ".join(matches.title)))
    age = until - listing.listed if listing is not None and listing.listed is not None else window
    freshness = FRESH * min(1.0, max(0.0, 1.0 - age / window))
    if signals.get(first, 0.0) >= LATE_RISER_FROM and age >= LATE and freshness < LATE_RISER:
        reasons.append(Reason("late riser", LATE_RISER, f"{age.days} d"))
    else:
        reasons.append(Reason("fresh", freshness, f"{age.days} d"))
    reasons += [Reason("code", CODE)] * has_code(paper) + [Reason("venue", VENUE)] * is_accepted(paper.comment)
    return Candidate(paper, sum(r.points for r in reasons), tuple(reasons), first)


def _evidence(listing: Listing | None, percentile: float | None) -> str:
    if listing is None:
        return ""
    counts = {"huggingface": ("votes", listing.votes), "semanticscholar": ("citations", listing.citations)}
    name, number = counts.get(listing.source, ("", None))
    parts = [f"{number} {name}" if number is not None else "", f"strength {percentile:.2f}" if percentile else ""]
    return ", ".join(part for part in parts if part)


def _mixed(scored: Sequence[Candidate], matches: Mapping[str, KeywordMatches], count: int) -> list[Candidate]:
    """Return the first `count` with no source and no theme beyond its share, then the others by score.

    If places remain, a source gets more than its share before a theme does.
    """
    max_per_source = max(1, math.ceil(count * SHARE_OF_SOURCE))
    max_per_theme = max(1, math.ceil(count * SHARE_OF_THEME))
    first: set[str] = set()
    sources: Counter[SourceName] = Counter()
    themes: Counter[str | None] = Counter()
    for source_limit in (max_per_source, count):
        for candidate in scored:
            subject = theme(matches[candidate.paper.arxiv_id])
            full = sources[candidate.source] >= source_limit or (
                subject is not None and themes[subject] >= max_per_theme
            )
            if len(first) < count and not full and candidate.paper.arxiv_id not in first:
                first.add(candidate.paper.arxiv_id)
                sources[candidate.source] += 1
                themes[subject] += 1
    return sorted(scored, key=lambda c: c.paper.arxiv_id not in first)
