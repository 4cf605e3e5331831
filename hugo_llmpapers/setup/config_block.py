"""Add our settings, commented out, to a site's configuration file.

Every existing byte is kept. The result is checked by parsing it: with the comments the file must have the same values as
before, and without the comment signs it must have our settings in addition.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hugo_llmpapers.site.config.settings import SETTINGS, Settings
from hugo_llmpapers.site.config.tables import parse_toml
from hugo_llmpapers.site.config.yaml import parse_yaml

TABLE = "llmpapers"
_EXISTING = re.compile(rf"(?<![\w/-]){TABLE}[\"']?\s*(?:[:\]=]|\.\s*[\"']?\w+[\"']?\s*[:=\]])", re.IGNORECASE)
"""Matches our table also in comments and in dotted keys, but not in a domain name."""
_EXPLANATIONS = {
    "ja": "hugo-llmpapers の設定と既定値。変えるときは、見出しとその行の「# 」を消す。すべての項目はREADMEにある。",
    "en": 'Settings of hugo-llmpapers and their defaults. To change one, remove "# " from its line and its heading.',
}
_SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("count", "1本の記事で紹介する論文の数", "papers in a post"),
    ("language", "記事と要約の言語", "of post and summaries"),
    ("section", "記事を置くセクション", "content section of the posts"),
    ("exclude", "この語を含む論文は紹介しない", "words that keep a paper out"),
    ("summarizer", "auto、claude、excerpt（原文の抜粋）", "auto, claude, or excerpt"),
    ("model", "要約を書くモデル", "Claude model"),
    ("maxCost", "1本の記事に使う料金の上限（米ドル）", "USD for a post at most"),
    ("figures", "論文の図を載せるか", "whether papers' figures are shown"),
    ("figureLicense", "any、cc（クリエイティブ・コモンズだけ）、never", "any, cc (Creative Commons only), or never"),
    ("figureCredit", "図の下に出典を書くか", "a credit line under each figure"),
)
"""The settings that are written, in this order: name, and its meaning in Japanese and English."""
_MAX_YAML_CHARS = 60_000
"""The parser takes a second for 20,000, and parses the file several times."""


class CannotInsert(Exception):
    """A file that the block cannot be inserted into. `str()` is the rest of a sentence that begins with its name."""


@dataclass(frozen=True, slots=True)
class Block:
    """The lines to insert."""

    japanese: bool
    """Whether explanations are in Japanese; else in English."""
    site_values: Mapping[str, Any]
    """Values of the settings whose default depends on the site."""
    newline: str
    params_only: bool
    """Whether the file contains only `params`, as config/_default/params.toml does."""

    @property
    def values(self) -> dict[str, Any]:
        """The settings with the values to write, as parsed from the file."""
        defaults = {name: getattr(Settings(), SETTINGS[name].name) for name, _, _ in _SETTINGS}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in {**defaults, **self.site_values}.items()}


def has_settings(text: str) -> bool:
    """Return whether a configuration file has our settings, active or commented out."""
    return _EXISTING.search(text) is not None


def add_to_toml(text: str, block: Block) -> str:
    """Return the file with the block at its end. Raises ValueError if it cannot be parsed, CannotInsert if a table there would
    be invalid."""
    head = f"[{TABLE}]" if block.params_only else f"[params.{TABLE}]"
    lines = [head, *(f"{name} = {value} # {meaning}" for name, value, meaning in _entries(block))]
    return _checked(text, block, lines, parse_toml, None)


def add_to_yaml(text: str, block: Block) -> str:
    """Return the file with the block at the end of `params` if it has that, else at its own. Raises as `add_to_toml`."""
    if len(text) > _MAX_YAML_CHARS:
        raise CannotInsert(f"is longer than {_MAX_YAML_CHARS} characters")
    lines = [f"{TABLE}:", *(f"  {name}: {value} # {meaning}" for name, value, meaning in _entries(block))]
    position = None if block.params_only else _end_of_params(text)
    if position is None and not block.params_only:
        lines = ["params:", *("  " + line for line in lines)]
    return _checked(text, block, lines, parse_yaml, position)


def json_snippet(block: Block) -> str:
    """Return the lines that the owner of a JSON file could add to `params`, as JSON has no comments."""
    entries = ",\n".join(f"  {json.dumps(name)}: {value}" for name, value, _ in _entries(block))
    return f'"{TABLE}": {{\n{entries}\n}}'


def _entries(block: Block) -> list[tuple[str, str, str]]:
    """Return name, value and meaning of each setting; the value in JSON, which is valid YAML and TOML, too."""
    values = block.values
    return [
        (name, json.dumps(values[name], ensure_ascii=False), ja if block.japanese else en) for name, ja, en in _SETTINGS
    ]


def _checked(
    text: str, block: Block, lines: Sequence[str], load: Callable[[str], Any], position: tuple[int, str] | None
) -> str:
    """Return `text` with `lines` as comments. `position`: number of the line to insert after and indentation, None for
    the end of the file. Raises ValueError if it cannot be parsed, CannotInsert if the result does not have the right values."""
    before = load(text) or {}
    # Two signs before the explanation, so that it is still a comment without one of them.
    explanation = "## " + _EXPLANATIONS["ja" if block.japanese else "en"]
    after = _insert(text, [explanation, *(f"# {line}" for line in lines)], block.newline, position)
    switched_on = _insert(text, [explanation, *lines], block.newline, position)
    try:
        correct = (load(after) or {}) == before and load(switched_on) == _with_values(before, block)
    except (ValueError, RecursionError):  # RecursionError: dotted keys, which nest without brackets
        correct = False
    if not correct:
        raise CannotInsert("has no place for settings as comments, because of how `params` is written")
    return after


def _with_values(before: Any, block: Block) -> Any:
    """Return the parsed file with our settings; None if they cannot be added."""
    if not isinstance(before, dict):
        return None
    if block.params_only:
        return {**before, TABLE: block.values}
    name = next((key for key in before if str(key).lower() == "params"), "params")
    params = before.get(name) or {}
    return {**before, name: {**params, TABLE: block.values}} if isinstance(params, dict) else None


def _insert(text: str, lines: Sequence[str], newline: str, position: tuple[int, str] | None) -> str:
    if text and not text.endswith("\n"):
        text += newline
    old = text.splitlines(keepends=True)
    number, indent = position or (len(old), "")
    gap = [newline] if position is None and text.strip() else []
    return "".join([*old[:number], *gap, *(indent + line + newline for line in lines), *old[number:]])


def _end_of_params(text: str) -> tuple[int, str] | None:
    """Return the number of the last line of `params` and the indentation in it; None if no line begins with that key."""
    lines = text.splitlines()
    start = next(
        (n for n, line in enumerate(lines, 1) if re.match(r"[\"']?params[\"']?\s*:", line, re.IGNORECASE)), None
    )
    if start is None:
        return None
    end, depth = start, 0
    for number, line in enumerate(lines[start:], start + 1):
        bare = line.lstrip()
        indent, is_entry = len(line) - len(bare), bool(bare) and not bare.startswith("#")
        if is_entry and not indent:
            break
        if is_entry and not depth:
            depth = indent
        if bare and depth and indent >= depth:
            end = number
    return end, " " * (depth or 2)
