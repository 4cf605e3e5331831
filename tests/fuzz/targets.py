"""The table of all targets."""

from __future__ import annotations

from tests.fuzz import files, services, words
from tests.fuzz.target import Target

TARGETS: dict[str, Target] = {one.name: one for one in (*services.TARGETS, *words.TARGETS, *files.TARGETS)}
