"""kill -9 at seeded moments, spread over a whole run: the bundle is whole or absent, and the next run finishes."""

from __future__ import annotations

import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.faults.stage import POST, Stage, staged


@dataclass(frozen=True, slots=True)
class Kill:
    """One run that was killed, and the one after it."""

    after_s: float
    was_over: bool
    """Whether the run had ended by itself before."""
    had: str
    """What was in the site right after the kill: `a whole post`, `no post`."""
    wrong: tuple[str, ...]


def killed(stage: Stage, after_s: float) -> Kill:
    """Kills a run of the empty site so many seconds after its start, and looks what the next one makes of it."""
    shutil.rmtree(stage.blog.post(), ignore_errors=True)
    shutil.rmtree(stage.blog.home / "cache", ignore_errors=True)
    stage.runs.clear()
    run = stage.start()
    time.sleep(after_s)
    was_over = run.process.poll() is not None
    run.process.kill()
    run.process.wait()
    wrong = ["half a post"] * (not stage.is_whole_or_absent(POST))
    had = "a whole post" if stage.papers() == 5 else "no post"
    again = stage.run()
    if again.code != 0 or stage.papers() != 5 or stage.figures() != 5:
        wrong.append(f"the next run: exit {again.code}, {stage.papers()} papers, {stage.figures()} figures")
    return Kill(after_s, was_over, had, (*wrong, *stage.wrong()))


def spread(number: int, seed: int, jobs: int) -> tuple[str, list[Kill]]:
    """So many kills, and the line that sums them up."""
    with ThreadPoolExecutor(jobs) as threads:
        # As cold, and as many at once, as those that are killed; some are to come after the end.
        longest = 1.2 * max(threads.map(_whole_run_s, range(jobs)))
    moments = [random.Random(seed + n).uniform(0.0, longest) for n in range(number)]
    with ThreadPoolExecutor(jobs) as threads:
        kills = [kill for part in threads.map(_some, [moments[n::jobs] for n in range(jobs)]) for kill in part]
    found = Counter(kill.had for kill in kills)
    over = sum(kill.was_over for kill in kills)
    wrong = [kill for kill in kills if kill.wrong]
    line = (
        f"{number} kills within {longest:.1f} s (seed {seed}): {found['no post']} left no post, {found['a whole post']} a whole one, "
        f"{over} came after the end; {len(wrong)} went wrong."
    )
    return line, wrong


def _whole_run_s(_number: int) -> float:
    with staged() as stage:
        return stage.run().seconds


def _some(moments: Sequence[float]) -> list[Kill]:
    with staged() as stage:
        kills = []
        for after_s in moments:
            kills.append(killed(stage, after_s))
            print(f"after {after_s:5.2f} s: {kills[-1].had}  {'; '.join(kills[-1].wrong)}", file=sys.stderr, flush=True)
        return kills
