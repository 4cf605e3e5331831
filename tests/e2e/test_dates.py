"""Every combination of the site's zone, the machine's, the time of day and the way a date is written: never the future."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hugo_llmpapers.site.dates import today, written_date
from tests.tool import Blog, hugo_program

ZONES = (None, "UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati", "Local")
MACHINES = ("UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati")
HOURS = (0, 7, 10, 15, 22)
"""Of a day in UTC; in each, midnight lies differently between the zones."""
FRONT_MATTER: dict[str, Callable[[str], str]] = {
    "yaml": lambda written: f"---\ndate: {written}\n---\n",
    "yaml-quoted": lambda written: f'---\ndate: "{written}"\n---\n',
    "toml": lambda written: f"+++\ndate = {written}\n+++\n",
    "toml-quoted": lambda written: f'+++\ndate = "{written}"\n+++\n',
    "json": lambda written: f'{{\n "date": "{written}"\n}}\n',
}


def _future(blog: Blog, zone: str | None, machine: str, now: datetime, dates: dict[str, str]) -> set[str]:
    """The pages, out of those with these dates, that Hugo takes for the future."""
    (blog.root / "content").mkdir(parents=True)
    config = 'baseURL = "https://e.org/"\n' + (f'timeZone = "{zone}"\n' if zone else "")
    (blog.root / "hugo.toml").write_text(config, encoding="utf-8")
    for name, text in dates.items():
        (blog.root / "content" / f"{name}.md").write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [hugo_program(), "list", "future", "-s", str(blog.root), "--clock", now.isoformat()],
        env={**blog.environ(), "TZ": machine}, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return {name for name in dates if f"{name}.md," in ran.stdout}


@pytest.mark.parametrize(("zone", "machine"), list(product(ZONES, MACHINES)))
def test_no_date_that_we_write_is_in_the_future(tmp_path: Path, zone: str | None, machine: str) -> None:
    """At the very minute at which it is written; today's and yesterday's post; in every format of front matter."""
    for hour in HOURS:
        now = datetime(2026, 2, 27, hour, 2, tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(machine))
        sites = ZoneInfo(zone) if zone not in (None, "Local") else None
        day = today(now, sites)
        written = [written_date(d, now, sites, local=zone == "Local") for d in (day, day - timedelta(days=1))]
        pages = {f"{name}-{n}": form(w) for name, form in FRONT_MATTER.items() for n, w in enumerate(written)}
        assert _future(Blog(tmp_path / str(hour), tmp_path), zone, machine, now, pages) == set()


def test_a_bare_date_would_be(tmp_path: Path) -> None:
    """What the rule is there for: at seven in Japan a day without zone is still to come, in every format."""
    now = datetime.fromisoformat("2026-02-27T07:02:00+09:00")
    pages = {name: form("2026-02-27") for name, form in FRONT_MATTER.items()}
    assert _future(Blog(tmp_path / "site", tmp_path), None, "Asia/Tokyo", now, pages) == set(pages)


@pytest.mark.parametrize("builder", MACHINES)
def test_a_site_in_local_time_may_be_built_on_another_machine(tmp_path: Path, builder: str) -> None:
    """Written in Japan, built anywhere a minute later."""
    now = datetime.fromisoformat("2026-02-27T00:30:00+09:00")
    written = written_date(date(2026, 2, 27), now, None, local=True)
    pages = {name: form(written) for name, form in FRONT_MATTER.items()}
    assert _future(Blog(tmp_path / "site", tmp_path), "Local", builder, now, pages) == set()
