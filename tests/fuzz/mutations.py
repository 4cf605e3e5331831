"""Inputs made of honest ones: cut, joined, stuffed with words that act, deep, long, with other values in their JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzz.target import Target

LONGEST = 200_000
"""Bytes of a made input."""
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, 10**400, -(10**400), float("inf"), float("nan"), "", " ", "0", "\ud800", "\x00", "é", [], {}, [[]], [None], {"a": None}, {"": 0},
    "../../x", "2026-02-30", "9999-12-31T23:59:59-14:00", "0001-01-01", "https://[x", "file:///etc/passwd", "javascript:alert(1)", "2602.18283v99", [1] * 50, {"text": []},
)  # fmt: skip
Change = Callable[[bytes, Target, Random], bytes]


def made(target: Target, random: Random) -> bytes:
    """One input for a target."""
    data = random.choice(target.seeds) if target.seeds else b""
    if random.random() < 0.05:
        data = random.randbytes(random.randrange(64))
    changes = _GENTLE if random.random() < 0.5 else _CHANGES
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        data = random.choice(changes)(data, target, random)
    if random.random() < 0.02:
        data = _stretched(data, target, random)
    return data[:LONGEST]


def _span(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + int(random.expovariate(1 / 20)))


def _flipped(data: bytes, _target: Target, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randrange(1, 4)):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut(data: bytes, _target: Target, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + data[end:]


def _ended(data: bytes, _target: Target, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _repeated(data: bytes, _target: Target, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + data[start:end] * random.randrange(2, 6) + data[end:]


def _token(target: Target, random: Random) -> bytes:
    token = random.choice(target.tokens) if target.tokens and random.random() < 0.9 else chr(random.randrange(0x3000))
    return token.encode("utf-8", "surrogatepass")


def _inserted(data: bytes, target: Target, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + _token(target, random) + data[at:]


def _overwritten(data: bytes, target: Target, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + _token(target, random) + data[end:]


def _woven(data: bytes, target: Target, random: Random) -> bytes:
    """Many words of the grammar, one after the other."""
    words = b"".join(_token(target, random) for _ in range(random.randrange(2, 20)))
    at = random.randrange(len(data) + 1)
    return data[:at] + words + data[at:] if random.random() < 0.5 else words


def _gap(data: bytes, random: Random) -> int:
    """A place where a text begins, if there is one: behind a quote, a tag, a blank."""
    gaps = [n + 1 for n, byte in enumerate(data[:20_000]) if byte in b'">: \n']
    return random.choice(gaps) if gaps and random.random() < 0.8 else random.randrange(len(data) + 1)


def _begun(data: bytes, target: Target, random: Random) -> bytes:
    """A word where a text begins, what stands there gone or not."""
    at = _gap(data, random)
    return data[:at] + _token(target, random) + data[at + random.choice((0, 0, 1, 5)) :]


def _stretched(data: bytes, target: Target, random: Random) -> bytes:
    """What takes quadratic time becomes slow, what recurses deep."""
    unit = b"".join(_token(target, random) for _ in range(random.choice((1, 1, 2, 3))))
    many = random.choice((100, 1_000, 5_000))
    at = _gap(data, random)
    return data[:at] + unit * min(many, 20_000 // max(1, len(unit))) + data[at:]


def _joined(data: bytes, target: Target, random: Random) -> bytes:
    other = random.choice(target.seeds) if target.seeds else b""
    return data[: random.randrange(len(data) + 1)] + other[random.randrange(len(other) + 1) :]


def _revalued(data: bytes, target: Target, random: Random) -> bytes:
    """JSON with another value somewhere, in every part and line of the input that is JSON."""
    mark = b"\x1e" if b"\x1e" in data else b"\n" if data.count(b"\n{") else b"\x1e"
    parts = data.split(mark)
    which = random.randrange(len(parts))
    try:
        document = json.loads(parts[which])
        changed = json.dumps(_with_value(document, target, random), ensure_ascii=random.random() < 0.5)
        parts[which] = changed.encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return _begun(data, target, random)
    return mark.join(parts)


def _with_value(value: Any, target: Target, random: Random) -> Any:
    if isinstance(value, dict) and value and random.random() < 0.95:
        key = random.choice(list(value))
        if random.random() < 0.1:
            return {name: inner for name, inner in value.items() if name != key}
        return {**value, key: _with_value(value[key], target, random)}
    if isinstance(value, list) and value and random.random() < 0.95:
        at = random.randrange(len(value))
        return [*value[:at], _with_value(value[at], target, random), *value[at + 1 :]]
    if isinstance(value, str) and random.random() < 0.5:
        at = random.randrange(len(value) + 1)
        return value[:at] + _token(target, random).decode("utf-8", "surrogatepass") + value[at:]
    return random.choice(_VALUES)


_GENTLE: tuple[Change, ...] = (_revalued,)
"""After which most inputs can still be understood."""
_CHANGES: tuple[Change, ...] = (
    _flipped, _cut, _ended, _repeated, _inserted, _overwritten, _woven, _joined, _begun, _revalued, _revalued,
)  # fmt: skip
