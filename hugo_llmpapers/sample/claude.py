"""Claude's answers about the invented papers, as the Messages API sent them on 2026-10-21."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from hugo_llmpapers.sample.papers import papers


def message(params: Mapping[str, Any]) -> dict[str, object] | None:
    """Return the Message that answers the request; None if it names none of the invented papers.

    The paper is recognised by its title in the request's messages, with or without entities. The summary is Japanese if the
    system text asks for Japanese or is missing, else English. A request with a JSON schema gets `{"summary": …}`, any other
    the text alone.
    """
    prompt = " ".join(_texts(params.get("messages")))
    letters = _letters_and_digits(prompt)
    paper = next((paper for paper in papers().values() if _letters_and_digits(paper.title) in letters), None)
    if paper is None:
        return None
    answer = paper.summary[_language(" ".join(_texts(params.get("system"))))]
    output = params.get("output_config") or {}
    if (output.get("format") or {}).get("type") == "json_schema":
        answer = json.dumps({"summary": answer}, ensure_ascii=False)
    return {
        "id": f"msg_sample_{paper.arxiv_id[-1]}",
        "type": "message",
        "role": "assistant",
        "model": params.get("model"),
        "content": [{"type": "text", "text": answer}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "stop_details": None,
        "usage": {
            "input_tokens": len(prompt) // 4,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": len(answer),
            "service_tier": "standard",
        },
    }


def _texts(value: object) -> Iterator[str]:
    """Yield every string in a JSON value: a message is a string, or blocks of several kinds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _letters_and_digits(text: str) -> str:
    # A prompt may wrap lines, remove LaTeX's dollars or use entities.
    return re.sub(r"[\W_]+", "", html.unescape(text)).casefold()


def _language(system: str) -> str:
    return "ja" if not system or "Japanese" in system or "日本語" in system else "en"
