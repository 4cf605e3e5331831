"""How often the figure that is taken is the one that a reader would take.

    python -m tests.benchmarks.figures FOLDER [--baseline] [--failures]

FOLDER holds `pdfs/` and `labels.jsonl`, one JSON object a line: `file`; `label` ("Figure 1", or "none" for a paper without
a figure); `page`, from 0; `bbox` and, if you like, `bbox_with_caption` as [x0, y0, x1, y1] in points from the top left of
the unrotated page; `alternates`, a list of other figures with the same keys that a reader would accept as well. Add your
own papers: draw the box tight around the ink, and write what you would want to see in a survey.

A hit has the right page and an overlap (intersection over union) of 0.8 with one of the boxes. `accept` counts the best
figure and the alternates, `strict` only the best.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hugo_llmpapers.figures.worker.pool import Failed, Workers
from hugo_llmpapers.records import Figure
from hugo_llmpapers.sample.answers import answer
from tests.benchmarks.timing import Job, Row, spreads
from tests.conftest import DAY

HIT = 0.8
Bbox = Sequence[float]


@dataclass(frozen=True, slots=True)
class Guess:
    """What a method says of one paper."""

    page: int | None
    bbox: Bbox | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Score:
    """One paper's result."""

    file: str
    accept: bool
    strict: bool
    overlap: float
    seconds: float


def overlap(one: Bbox | None, other: Bbox | None) -> float:
    """Intersection over union, 0 to 1."""
    if one is None or other is None:
        return 0.0
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / ((one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]) - shared)


def score(label: dict[str, Any], guess: Guess) -> Score:
    """How good a guess is, by the paper's label."""
    if label["label"] == "none":
        right = guess.page is None
        return Score(label["file"], right, right, float(right), guess.seconds)
    best, *others = [_overlap_with(wanted, guess) for wanted in (label, *label.get("alternates", ()))]
    most = max([best, *others])
    return Score(label["file"], most >= HIT, best >= HIT, most, guess.seconds)


def ours(workers: Workers) -> Callable[[Path], Guess]:
    """The tool's own method, in a warm worker."""

    def guess(pdf: Path) -> Guess:
        started = time.perf_counter()
        found = workers.figure(pdf)
        seconds = time.perf_counter() - started
        return Guess(None, None, seconds) if isinstance(found, Failed) else Guess(found.page, found.bbox, seconds)

    return guess


def largest_image(pdf: Path) -> Guess:
    """What most tools of this kind take: the largest embedded image of the first five pages."""
    import pymupdf

    started = time.perf_counter()
    document: Any = pymupdf.open(pdf)  # type: ignore[no-untyped-call]  # PyMuPDF is not typed
    images = [
        (rect.width * rect.height, page.number, tuple(rect))
        for page in list(document.pages(0, min(5, document.page_count)))
        for image in page.get_images()
        for rect in page.get_image_rects(image[0])
    ]
    _, page, bbox = max(images, default=(0.0, None, None))
    return Guess(page, bbox, time.perf_counter() - started)


def rows(folder: Path, rounds: int) -> Iterator[Row]:
    """The line on the sample's five PDFs in the table of times."""
    pdfs = [folder / f"{number}.pdf" for number in range(1, 6)]
    for number, pdf in enumerate(pdfs, 1):
        pdf.write_bytes(answer("GET", "", f"/pdf/0000.0000{number}", {}, b"", DAY).body)
    with Workers(1) as workers:
        found = [workers.figure(pdf) for pdf in pdfs]
        figures = [(pdf, figure) for pdf, figure in zip(pdfs, found, strict=True) if isinstance(figure, Figure)]
        assert len(figures) == len(pdfs)
        jobs: list[Job] = [
            lambda: [workers.figure(pdf) for pdf in pdfs],
            lambda: [_known(pdf, figure) for pdf, figure in figures],
        ]
        found_s, known_s = spreads(jobs, rounds)
    yield Row("figures of 5 PDFs, one warm worker", found_s, known_s.median, "MuPDF alone, told where they are")


def _known(pdf: Path, figure: Figure) -> bytes:
    """What nobody could do without: every page's text, and a picture of as many pixels as ours, as a PNG."""
    import pymupdf

    document: Any = pymupdf.open(pdf)  # type: ignore[no-untyped-call]  # PyMuPDF is not typed
    for page in document:
        page.get_text()
    assert figure.page is not None
    assert figure.bbox is not None
    zoom = figure.width_px / (figure.bbox[2] - figure.bbox[0])
    pixels = document[figure.page].get_pixmap(dpi=round(72 * zoom), clip=figure.bbox)
    return bytes(pixels.tobytes("png"))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--baseline", action="store_true", help="measure the largest embedded image as well")
    parser.add_argument("--failures", action="store_true", help="name the papers that were missed")
    options = parser.parse_args()
    lines = (options.folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    labels = [json.loads(line) for line in lines]
    with Workers(1) as workers:
        workers.warm()
        methods = {"this tool": ours(workers)} | ({"largest image": largest_image} if options.baseline else {})
        for name, method in methods.items():
            scores = [score(label, method(options.folder / "pdfs" / label["file"])) for label in labels]
            _print(name, scores, failures=options.failures)


def _overlap_with(wanted: dict[str, Any], guess: Guess) -> float:
    if guess.page != wanted["page"]:
        return 0.0
    return max(overlap(guess.bbox, wanted["bbox"]), overlap(guess.bbox, wanted.get("bbox_with_caption")))


def _print(name: str, scores: list[Score], *, failures: bool) -> None:
    count, seconds = len(scores), sorted(s.seconds for s in scores)
    accept, strict = sum(s.accept for s in scores) / count, sum(s.strict for s in scores) / count
    mean = statistics.fmean(s.overlap for s in scores)
    print(f"{name:14s} papers {count}  accept {accept:.3f}  strict {strict:.3f}  overlap {mean:.3f}", end="  ")  # noqa: T201
    print(f"seconds: median {statistics.median(seconds):.2f}, most {seconds[-1]:.2f}")  # noqa: T201
    for miss in (s for s in scores if failures and not s.accept):
        print(f"    missed: {miss.file} (overlap {miss.overlap:.2f})")  # noqa: T201


if __name__ == "__main__":
    main()
