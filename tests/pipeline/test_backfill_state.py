"""The files of an unfinished backfill."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

from hugo_llmpapers.pipeline.backfill_state import BackfillState, Batch, Question
from hugo_llmpapers.records import Usage

DAY, NEXT = date(2026, 2, 27), date(2026, 2, 28)
COST = Usage(90, 10, 0.25)


def test_what_older_versions_spent_is_counted_once(tmp_path: Path) -> None:
    """Also if the conversion was interrupted before the old file was deleted, and for calls of unknown cost."""
    state = BackfillState(tmp_path)
    sent = Batch(2, "m", None, "sent", (Question("q", NEXT, "2602.00001", "key", "text"),))
    state.put_batch(sent)
    for _ in range(2):
        state.put_batch(Batch(1, "m", None, "read", (), {DAY: COST}))
        (tmp_path / f"calls-{DAY}.json").write_bytes(TypeAdapter(Usage).dump_json(COST))
        (tmp_path / f"calls-{NEXT}.json").write_bytes(b"")
        state.convert_old_files()
    assert state.spent() == {DAY: COST + COST, NEXT: Usage()}
    assert state.batches() == [sent]
