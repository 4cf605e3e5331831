"""What is fuzzed: a parser with its contract."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Target:
    """A parser. `read` runs it, and asserts what its docstring promises of the result."""

    name: str
    read: Callable[[bytes], object]
    allowed: tuple[type[Exception], ...]
    """What it may raise, by its docstring."""
    seeds: tuple[bytes, ...]
    """Honest and hostile inputs to start from."""
    tokens: tuple[str, ...] = ()
    """Words of its grammar."""


def text(data: bytes) -> str:
    """Any characters: also halves of pairs, as JSON can escape them."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


@cache
def folder() -> Path:
    """A place for the files of parsers that open one; gone at the end."""
    made = Path(tempfile.mkdtemp(prefix="hugo-llmpapers-fuzz-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def file(name: str, data: bytes) -> Path:
    """A file with these bytes."""
    path = folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
