"""Claude's Message Batches in the place of the real ones: what was sent, and what became of each request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hugo_llmpapers.sample.claude import message

Instead = Callable[[str, int], "dict[str, Any] | None"]
"""Text of a request and number of its batch (1 is the first) to another result; None for the good one."""


@dataclass
class Batches:
    """A store of batches; each has ended when it is asked about for the second time."""

    instead: Instead = lambda _text, _number: None
    fails_after_taking: bool = False
    """The first batch is taken, and the answer to that is HTTP 500."""
    cuts_results: int = 0
    """So many answers with results end in the middle."""
    sent: list[dict[str, Any]] = field(default_factory=list)
    """Each with id, requests, polls, canceled."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, path: str, body: bytes, host: str) -> tuple[int, bytes]:
        """Status and body for a request below /v1/messages/batches."""
        with self.lock:
            rest = path.removeprefix("/v1/messages/batches").strip("/")
            if method == "POST" and not rest:
                return self._create(json.loads(body))
            if not rest:
                rows = [self._row(batch, host) for batch in reversed(self.sent)]
                return 200, _json({"data": rows, "has_more": False, "first_id": None, "last_id": None})
            name, _, action = rest.partition("/")
            batch = next((batch for batch in self.sent if batch["id"] == name), None)
            if batch is None:
                return 404, _json({"type": "error", "error": {"type": "not_found_error", "message": "no such batch"}})
            if action == "results":
                return 200, self._results(batch)
            batch["polls"] += 1
            return 200, _json(self._row(batch, host))

    def asked(self) -> list[str]:
        """The custom ids of every request in every batch."""
        return [request["custom_id"] for batch in self.sent for request in batch["requests"]]

    def _create(self, params: Mapping[str, Any]) -> tuple[int, bytes]:
        number = len(self.sent) + 1
        batch = {"id": f"msgbatch_{number}", "requests": params["requests"], "polls": 0, "canceled": False}
        self.sent.append(batch)
        if self.fails_after_taking and number == 1:
            return 500, _json({"type": "error", "error": {"type": "api_error", "message": "lost it"}})
        return 200, _json(self._row(batch, ""))

    def _row(self, batch: Mapping[str, Any], host: str) -> dict[str, Any]:
        done, count = batch["polls"] >= 2, len(batch["requests"])
        at = "2026-03-03T00:00:00Z"
        counts = {"processing": 0 if done else count, "succeeded": count if done else 0}
        return {
            "id": batch["id"], "type": "message_batch", "created_at": at, "expires_at": at, "archived_at": None,
            "processing_status": "ended" if done else "in_progress", "ended_at": at if done else None,
            "cancel_initiated_at": at if batch["canceled"] else None,
            "request_counts": {**counts, "errored": 0, "canceled": 0, "expired": 0},
            "results_url": f"http://{host}/v1/messages/batches/{batch['id']}/results" if done else None,
        }  # fmt: skip

    def _results(self, batch: Mapping[str, Any]) -> bytes:
        number, lines = self.sent.index(dict(batch)) + 1, []
        for request in reversed(batch["requests"]):
            text = json.dumps(request, ensure_ascii=False)
            good = {"type": "succeeded", "message": message(request["params"])}
            result = {"type": "canceled"} if batch["canceled"] else self.instead(text, number) or good
            lines.append(json.dumps({"custom_id": request["custom_id"], "result": result}, ensure_ascii=False) + "\n")
        whole = "".join(lines).encode()
        if self.cuts_results:
            self.cuts_results -= 1
            return whole[: len(whole) // 2]
        return whole


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
