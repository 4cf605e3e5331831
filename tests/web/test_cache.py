from __future__ import annotations

import os
import stat
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.web.cache import RETENTION_DAYS, Cache, Stored, clear, forget, format_size, prune, sizes
from hugo_llmpapers.web.cache_folder import MARKER

NOW = datetime(2026, 2, 27, 7, tzinfo=ZoneInfo("Asia/Tokyo"))


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in (MARKER, ".lock"))


def test_a_stored_answer_is_returned(tmp_path: Path) -> None:
    """Body, time and metadata are unchanged, also for another Cache of the same folder."""
    body, meta = b"\x00line\nline\r\n\xff", {"type": "application/pdf", "etag": None, "note": "石"}
    Cache(tmp_path).put("http", "key", body, NOW, meta)
    assert Cache(tmp_path).get("http", "key") == Stored(body, NOW, meta)


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0.0 kB"), (1234, "1.2 kB"), (999_000, "999.0 kB"), (1_234_567, "1.2 MB")]
)
def test_a_small_size_is_not_zero_megabytes(size: int, text: str) -> None:
    """kB below 1 MB."""
    assert format_size(size) == text


def test_an_empty_body_is_an_answer(tmp_path: Path) -> None:
    """It is not a miss."""
    Cache(tmp_path).put("http", "key", b"", NOW, {})
    assert Cache(tmp_path).get("http", "key") == Stored(b"", NOW, {})


def test_answers_are_stored_by_kind_and_key(tmp_path: Path) -> None:
    """Another kind or key is a miss."""
    cache = Cache(tmp_path)
    cache.put("http", "a", b"1", NOW, {})
    assert [cache.get("http", "b"), cache.get("pdf", "a")] == [None, None]


def test_put_replaces_an_answer(tmp_path: Path) -> None:
    """No temporary file remains."""
    cache = Cache(tmp_path)
    for body in (b"old", b"new"):
        cache.put("http", "key", body, NOW, {})
    found = cache.get("http", "key")
    assert found is not None
    assert found.body == b"new"
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("key", ["../../escape", "/etc/passwd", "a" * 10_000, "論文\n\x00", ""])
def test_any_key_stays_in_the_folder(tmp_path: Path, key: str) -> None:
    """A key is never a path."""
    cache = Cache(tmp_path / "cache")
    cache.put("http", key, b"x", NOW, {})
    assert cache.get("http", key) == Stored(b"x", NOW, {})
    assert all(path.is_relative_to(tmp_path / "cache" / "http") for path in files(tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"no json\nbody",
        b"\xff\xfe\nbody",
        b"[]\nbody",
        b"7\nbody",
        b"{}\nbody",
        b'{"at": 7}\nbody',
        b'{"at": "yesterday"}\nbody',
        b'{"at": "2026-02-27T07:00:00"}\nbody',
        b'{"at": "2026-02-27T07',
    ],
    ids=repr,
)
def test_a_file_that_cannot_be_read_is_a_miss(tmp_path: Path, content: bytes) -> None:
    """Truncated files, other formats and times without a zone."""
    cache = Cache(tmp_path)
    cache.put("http", "key", b"x", NOW, {})
    files(tmp_path)[0].write_bytes(content)
    assert cache.get("http", "key") is None
    assert forget(cache, date(2026, 1, 1), None) == 0


def test_a_folder_instead_of_a_file_is_a_miss(tmp_path: Path) -> None:
    """And `put` leaves it there."""
    cache = Cache(tmp_path)
    cache.put("http", "key", b"x", NOW, {})
    file = files(tmp_path)[0]
    file.unlink()
    file.mkdir()
    assert cache.get("http", "key") is None
    cache.put("http", "key", b"x", NOW, {})
    assert files(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_files_and_folders_are_private(tmp_path: Path) -> None:
    """Whatever the umask."""
    old = os.umask(0)
    try:
        cache = Cache(tmp_path / "llmpapers")
        cache.put("summary", "key", b"paid for", NOW, {})
        cache.folder("pace")
    finally:
        os.umask(old)
    found = [cache.root, *cache.root.rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()} == {0o600}


def test_a_cache_that_cannot_be_written_is_ignored(tmp_path: Path) -> None:
    """The run only costs more."""
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file")
    cache.put("http", "key", b"x", NOW, {})
    assert cache.get("http", "key") is None
    clear(cache)
    prune(cache, 0.0)
    assert (sizes(cache), forget(cache, NOW.date(), None)) == ({}, 0)
    assert files(tmp_path) == [tmp_path / "file"]


def test_a_subfolder_is_created(tmp_path: Path) -> None:
    """It may exist already."""
    cache = Cache(tmp_path / "a" / "b")
    assert cache.folder("pace") == cache.folder("pace") == tmp_path / "a" / "b" / "pace"
    assert (tmp_path / "a" / "b" / "pace").is_dir()


def test_a_subfolder_that_cannot_be_created_is_a_setup_error(tmp_path: Path) -> None:
    """The error names the folder and the setting."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError) as caught:
        Cache(tmp_path / "file").folder("pace")
    assert str(tmp_path / "file" / "pace") in caught.value.message
    assert "cacheDir" in caught.value.remedy


def test_freshness_depends_on_the_runs_clock() -> None:
    """Across time zones. An answer from the future is not fresh."""
    stored, hour = Stored(b"", NOW, {}), timedelta(hours=1)
    assert stored.is_fresh((NOW + hour).astimezone(UTC), hour)
    assert not stored.is_fresh(NOW + hour + timedelta(seconds=1), hour)
    assert stored.is_fresh(NOW, timedelta(0))
    assert not stored.is_fresh(NOW - timedelta(seconds=1), hour)


def test_sizes_counts_files_and_bytes_by_kind(tmp_path: Path) -> None:
    """Only answers, and only kinds that exist."""
    cache = Cache(tmp_path)
    for key in "ab":
        cache.put("pdf", key, b"x" * 100, NOW, {})
    (cache.folder("pace") / "arxiv.json").write_text("{}")
    found = sizes(cache)
    assert list(found) == ["pdf"]
    assert found["pdf"][0] == 2
    assert found["pdf"][1] == sum(path.stat().st_size for path in files(tmp_path / "pdf"))


def test_clear_deletes_only_answers(tmp_path: Path) -> None:
    """Files of other programs and our stamps stay."""
    cache = Cache(tmp_path)
    for kind in RETENTION_DAYS:
        cache.put(kind, "key", b"x", NOW, {})
    pace = cache.folder("pace") / "arxiv.json"
    for other in (pace, tmp_path / "index.html", tmp_path / "images" / "a.png"):
        other.parent.mkdir(exist_ok=True)
        other.write_text("x")
    clear(cache)
    assert files(tmp_path) == sorted([pace, tmp_path / "index.html", tmp_path / "images" / "a.png"])


def test_forget_uses_the_blogs_time_zone(tmp_path: Path) -> None:
    """Answers of all kinds of that day are deleted."""
    cache = Cache(tmp_path)
    tokyo = ZoneInfo("Asia/Tokyo")
    moments = {
        "before": datetime(2026, 2, 26, 14, 59, 59, tzinfo=UTC),
        "first": datetime(2026, 2, 26, 15, tzinfo=UTC),
        "last": datetime(2026, 2, 27, 23, 59, 59, tzinfo=tokyo),
        "after": datetime(2026, 2, 28, tzinfo=tokyo),
    }
    for kind in RETENTION_DAYS:
        for key, at in moments.items():
            cache.put(kind, key, b"x", at, {})
    assert forget(cache, date(2026, 2, 27), tokyo) == 2 * len(RETENTION_DAYS)
    for kind in RETENTION_DAYS:
        assert [key for key in moments if cache.get(kind, key)] == ["before", "after"]


def test_forget_without_a_zone_uses_the_zone_of_each_answer(tmp_path: Path) -> None:
    """That is the zone of the run's clock."""
    cache = Cache(tmp_path)
    cache.put("http", "key", b"x", datetime(2026, 2, 27, 7, tzinfo=ZoneInfo("Asia/Tokyo")), {})
    assert forget(cache, date(2026, 2, 26), None) == 0
    assert forget(cache, date(2026, 2, 27), None) == 1


def test_prune_depends_on_the_kind_and_the_system_clock(tmp_path: Path) -> None:
    """A file is deleted after the days of its kind."""
    cache = Cache(tmp_path)
    wall = 2_000_000_000.0
    for kind, days in RETENTION_DAYS.items():
        for key, seconds in {"kept": days * 86_400, "gone": days * 86_400 + 1}.items():
            known = set(files(tmp_path))
            cache.put(kind, key, b"x", NOW, {})
            (file,) = set(files(tmp_path)) - known
            os.utime(file, (wall - seconds, wall - seconds))
    prune(cache, wall)
    for kind in RETENTION_DAYS:
        assert [key for key in ("kept", "gone") if cache.get(kind, key)] == ["kept"]


def test_metadata_nested_too_deep_is_a_miss(tmp_path: Path) -> None:
    """`forget` ignores the file."""
    cache = Cache(tmp_path)
    cache.put("http", "key", b"", NOW, {})
    files(tmp_path)[0].write_bytes(b"[" * 100_000)
    assert cache.get("http", "key") is None
    assert forget(cache, date(2026, 2, 27), None) == 0


def test_prune_deletes_temporary_files_of_killed_runs(tmp_path: Path) -> None:
    """Not those that are being written."""
    cache = Cache(tmp_path)
    cache.put("pdf", "key", b"x", NOW, {})
    (whole,) = files(tmp_path)
    left, under_way = whole.with_name(".tmp-left_123"), whole.with_name(".tmp-underway")
    for path, age_s in ((left, 60), (under_way, 0)):
        path.write_bytes(b"half")
        os.utime(path, (1e9 - age_s,) * 2)
    os.utime(whole, (1e9 - 60,) * 2)
    prune(cache, 1e9)
    assert files(tmp_path) == sorted((whole, under_way))
