"""What a `prebuild` did: collected while it runs, then printed and written as JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hugo_llmpapers.cli.console import Console
from hugo_llmpapers.cli.terminal import counted, print_error
from hugo_llmpapers.errors import Failure, from_os_error
from hugo_llmpapers.pipeline.build_hosts import Host
from hugo_llmpapers.pipeline.prebuild import Restored
from hugo_llmpapers.pipeline.request import AlreadyThere, DayOutcome, Nothing, Written
from hugo_llmpapers.post.kept_posts import KeptPosts
from hugo_llmpapers.site import git
from hugo_llmpapers.site.site import Blog

AS_IT_IS = "The site is built as it is."


@dataclass(slots=True)
class Report:
    """What happened so far. It is complete at any moment, as the time limit can end the run at any moment."""

    host: Host
    console: Console
    started: float = field(default_factory=time.monotonic)
    status: str = "failed"
    reason: str = ""
    remedy: str = ""
    exit_code: int = 0
    """With --strict."""
    restored: list[dict[str, Any]] = field(default_factory=list)
    days: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fail(self, message: str, remedy: str = "", *, exit_code: int = 1, status: str = "failed") -> None:
        """Record why the run ended early, after the posts that it wrote."""
        self.status, self.exit_code, self.remedy = status, exit_code, remedy
        self.reason = "; ".join([*self._written(), message.rstrip(" :.")])

    def fail_with(self, error: Exception) -> None:
        """Record an exception of any kind: a bug or a broken disk must not end the build, either."""
        if isinstance(error, OSError):
            error = from_os_error(error)
        if isinstance(error, Failure):
            self.fail(error.message, error.remedy, exit_code=error.exit_code)
        else:
            self.fail(f"{type(error).__name__}: {' '.join(str(error).split())}")

    def add_restored(self, restored: Restored, index_name: str) -> None:
        """Record a kept post that was restored, or why it was not; print its path."""
        path = restored.path
        row = {"name": restored.name, "path": path and str(path), "reason": restored.reason or None}
        self.restored.append(row)
        if path is not None:
            self.console.result(str(path / index_name))
        else:
            self.notes.append(f"{restored.name} is left in the cache: {restored.reason}.")

    def add_day(self, day: date, outcome: DayOutcome) -> None:
        """Record the outcome of a day; print the path of a new post."""
        row: dict[str, Any] = {"day": day.isoformat(), "path": None, "reason": None}
        row["status"] = "failed" if isinstance(outcome, Failure) else outcome.status
        match outcome:
            case Written(draft=draft):
                row |= {"path": str(outcome.path), "url": draft.trial.url}
                self.notes += [f"{one.subject}: {one.reason}" for one in draft.skipped if one.stage == "render"]
                self.notes += draft.trial.warnings
                self.console.result(str(outcome.path))
            case AlreadyThere():
                row["path"] = str(outcome.path)
            case Nothing():
                row["reason"] = outcome.reason
            case Failure():
                row |= {"reason": outcome.message, "remedy": outcome.remedy}
                self.exit_code, self.remedy = outcome.exit_code, outcome.remedy
        self.days.append(row)
        parts = self._written()
        failed = next((d for d in self.days if d["status"] == "failed"), None)
        self.status = "failed" if failed else "written" if parts else str(row["status"])
        if failed:
            parts.append(f"no post of {failed['day']}: {failed['reason'].rstrip('.')}")
        elif isinstance(outcome, Nothing) and not parts:
            parts.append(f"nothing to publish for {day}: {outcome.reason}")
        elif isinstance(outcome, AlreadyThere) and not parts:
            parts.append(f"the post of {day} already exists")
        self.reason = "; ".join(parts) or self.status

    def _written(self) -> list[str]:
        written = [row["day"] for row in self.days if row["status"] == "written"]
        return [f"wrote {', '.join(written)}"] if written else []

    def print(self, file: Path | None) -> None:
        """Print notes, result and document, and write the document to a file."""
        self.console.notes(dict.fromkeys(self.notes))
        restored = sum(row["path"] is not None for row in self.restored)
        brought_back = f"; {counted(restored, 'post')} brought back" if restored else ""
        if self.status in ("failed", "out of time"):
            print_error(f"{self.reason}{brought_back}. {AS_IT_IS}", self.remedy)
        elif not self.console.quiet:
            print_error(f"{self.reason}{brought_back}.")
        document = {
            "status": self.status,
            "reason": self.reason or None,
            "remedy": self.remedy or None,
            "host": self.host.name,
            "preview": self.host.preview,
            "brought_back": self.restored,
            "days": self.days,
            "notes": self.notes,
            "seconds": round(time.monotonic() - self.started, 1),
        }
        self.console.document(document)
        if file is not None:
            text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
            try:
                file.write_text(text, encoding="utf-8", errors="replace", newline="\n")
            except OSError as error:
                print_error(f"{file} cannot be written: {error.strerror}.")


def cache_notes(blog: Blog, host: Host, all_kept_posts: Sequence[KeptPosts]) -> Iterator[str]:
    """Yield what the host, the cache or the clone may lose."""
    if host.keeps_cache is False:
        yield (
            f"{host.name} keeps nothing of a build for the next: this post will be gone then. "
            "Write posts in a scheduled workflow and commit them instead, see the README."
        )
    elif all_kept_posts[0].is_new and not host.keeps_checkout:
        yield (
            "The cache has no post of an earlier build. Either this is the first build, or the cache was lost with all posts "
            "that are not in the repository."
        )
    for kept_posts in dict.fromkeys(all_kept_posts):
        if kept_posts.unclaimed is not None:
            yield (
                f"The posts that an earlier version kept in {kept_posts.unclaimed} are not brought back: they may belong to "
                f"another site with the base URL {blog.site.config.get('baseurl')!r}. If they belong to this site, "
                f"move them to {kept_posts.folder}; otherwise delete them."
            )
    if git.is_shallow(blog.site.root, blog.site.hugo.environ):
        yield (
            "This clone is shallow: a post that was deleted before its first commit looks like a lost one. "
            "Fetch the full history: fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab, VERCEL_DEEP_CLONE=true."
        )
