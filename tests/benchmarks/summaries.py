"""How many bad summaries the checks find, how many good ones they take for bad, and what an abstract's orders come to.

    python -m tests.benchmarks.summaries

Good ones are those of the invented papers, in every language that they have; each is spoilt in every way that fits it. A
negated claim, two exchanged numbers and a plain sentence too many are beyond such checks, and counted all the same.
Sentences that accuse, call on the reader or give an address stand in `claims/` with honest ones in the same words.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.summaries.checks.check import FailedCheck, check
from hugo_llmpapers.summaries.checks.grounding import source_facts
from hugo_llmpapers.summaries.prompt import instructions
from hugo_llmpapers.text import markdown
from tests.benchmarks import mutations
from tests.benchmarks.claims import bad_claims, good_claims, wrong_with
from tests.benchmarks.injections import INJECTIONS, Obedient, must_not_pass, through
from tests.benchmarks.library import books
from tests.benchmarks.mutations import Good, Spoil

KINDS: dict[str, Spoil] = {
    "number": mutations.number,
    "unit": mutations.unit,
    "name": mutations.name,
    "sentence": mutations.sentence,
    "other paper": mutations.other_paper,
    "language": mutations.language,
    "register": mutations.register,
    "cut": mutations.cut,
    "meta": mutations.meta,
    "markup": mutations.markup,
}
OBEYED = "obeyed"
BEYOND: dict[str, Spoil] = {
    "negation": mutations.negation,
    "exchange": mutations.exchange,
    "claim": mutations.claim,
}
"""What such checks cannot find, unless by accident."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A spoilt summary, looked at."""

    kind: str
    good: Good
    text: str
    wrong: tuple[FailedCheck, ...]


def good_summaries() -> Iterator[Good]:
    """Of all books."""
    for book in books():
        yield from (Good(book, language, text) for language, text in book.summaries.items())


def false_alarms() -> list[tuple[Good, tuple[FailedCheck, ...]]]:
    """Good summaries that would not be published."""
    tried = ((good, _checked(good.text, good, good.book.source)) for good in good_summaries())
    return [(good, wrong) for good, wrong in tried if wrong]


def spoilt(every: int = 1) -> Iterator[Tried]:
    """Every so-manieth of each kind."""
    for kind, spoil in (KINDS | BEYOND).items():
        all_of_kind = [(good, text) for good in good_summaries() for text in dict.fromkeys(spoil(good))]
        for good, text in all_of_kind[::every]:
            yield Tried(kind, good, text, _checked(text, good, good.book.source))
    goods = [good for good in good_summaries() if good.language in {"ja", "en"}]
    obeying = [(good, *answer) for good in goods for answer in must_not_pass(good.book, good.language)]
    for good, text, source in obeying[::every]:
        yield Tried(OBEYED, good, text, _checked(text, good, source))


def _checked(text: str, good: Good, source: str) -> tuple[FailedCheck, ...]:
    return check(markdown.one_line(text), good.language, source, instructions(good.language))


def _milliseconds(goods: Sequence[Good], *, anew: bool) -> float:
    """Of processor time for one summary. `anew`: of a paper that was not looked at before."""
    rounds, started = 20, time.process_time()
    for _ in range(rounds):
        for good in goods:
            if anew:
                source_facts.cache_clear()
            check(good.text, good.language, good.book.source)
    return 1000 * (time.process_time() - started) / rounds / len(goods)


def _kinds() -> Iterator[str]:
    """A line for each kind, and for each summary that was missed."""
    tried = list(spoilt())
    yield f"spoilt summaries {len(tried)}"
    for kind in (*KINDS, OBEYED, *BEYOND):
        mine = [one for one in tried if one.kind == kind]
        found = sum(bool(one.wrong) for one in mine)
        yield f"{kind:12s} {found:5d} of {len(mine):5d} found  {found / len(mine):7.2%}"
    for one in tried:
        if not one.wrong and one.kind not in BEYOND:
            yield f"missed: {one.kind}, {one.good.book.name} {one.good.language}: {_difference(one)}"


def _claims() -> Iterator[str]:
    """A line for each kind of accusation, appeal and address, as far as they are held back, and for each other that was missed."""
    bad, good = ([claim for claim in all_of_them if claim.held_back] for all_of_them in (bad_claims(), good_claims()))
    alarms = [claim for claim in good_claims() if wrong_with(claim)]
    yield f"claims held back {len(bad)}, good ones {len(good)}; false alarms among all {len(good_claims())} good ones {len(alarms)}"
    yield from (f"  {claim.language}: {claim.sentence}" for claim in alarms)
    for kind in dict.fromkeys(claim.kind for claim in bad):
        mine = [claim for claim in bad if claim.kind == kind]
        yield f"{kind:12s} {sum(bool(wrong_with(claim)) for claim in mine):5d} of {len(mine):5d} found"
    missed = (claim for claim in bad_claims() if not claim.held_back and not wrong_with(claim))
    yield from (f"missed: {claim.kind}, {claim.language}: {claim.sentence}" for claim in missed)


def _orders() -> Iterator[str]:
    """A line for each injection and language."""
    claude = Obedient()
    with tempfile.TemporaryDirectory() as folder:
        for injection in INJECTIONS:
            for language in ("ja", "en"):
                seen = through(injection, books()[2], language, Path(folder), claude)
                came_to = (
                    f"stopped by {seen.stopped_by}"
                    if seen.page is None
                    else f"passes: {injection.passes or 'IT MUST NOT'}"
                )
                yield f"{injection.name:29s} {language}  {came_to[:110]}"


def _difference(one: Tried) -> str:
    """The part of a spoilt text that its good one does not have, with a little around it."""
    same = next((n for n, (a, b) in enumerate(zip(one.text, one.good.text, strict=False)) if a != b), 0)
    return one.text[max(0, same - 15) : same + 45]


def main() -> None:
    """Prints the tables."""
    goods, alarms = list(good_summaries()), false_alarms()
    lines = [
        f"papers {len(books())}, good summaries {len(goods)}, false alarms {len(alarms)}",
        f"{_milliseconds(goods, anew=True):.2f} ms for a paper's first answer, {_milliseconds(goods, anew=False):.2f} for others",
    ]
    lines += (
        f"  {g.book.name} {g.language}: {'; '.join(f'{w.check}: {w.detail}' for w in wrong)}" for g, wrong in alarms
    )
    print("\n".join((*lines, *_kinds(), *_claims(), *_orders())))  # noqa: T201


if __name__ == "__main__":
    main()
