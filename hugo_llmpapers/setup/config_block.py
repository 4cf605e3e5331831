"""Our settings, written into a site's configuration as comments: for their owner to find and to switch on.

The file keeps every byte. That a block is in the right place is proved, not assumed: with it the file must mean the
same as before, and exactly our settings more once the comment signs are taken away.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hugo_llmpapers.site.config import toml
from hugo_llmpapers.site.config.settings import NAMES, Settings

TABLE = "llmpapers"
_THERE = re.compile(rf"(?<![\w/-]){TABLE}[\"']?\s*(?:[:\]=]|\.\s*[\"']?\w+[\"']?\s*[:=\]])", re.IGNORECASE)
"""Also in comments and with dotted keys, but not a domain of that name."""
_HEADS = {
    "ja": "hugo-llmpapers の設定と既定値。変えるときは、見出しとその行の「# 」を消す。すべての項目はREADMEにある。",
    "en": 'Settings of hugo-llmpapers and their defaults. To change one, remove "# " from its line and its heading.',
}
_SHOWN: tuple[tuple[str, str, str], ...] = (
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
"""Those that people want first."""
_LONGEST_YAML = 60_000
"""Characters; the parser takes a second for 20,000, and reads them several times."""
_DEEPEST = 100
_MOST_NODES = 100_000
"""Of a document with every alias written out."""


class Unfit(Exception):
    """Comments can stand nowhere in this file so that they would be right. `str()` says why."""


class Unreadable(Exception):
    """The file is broken for our parsers. `str()` says where and how."""


@dataclass(frozen=True, slots=True)
class Block:
    """What is to be written."""

    japanese: bool
    """Whether the explanations are; else they are English."""
    known: Mapping[str, Any]
    """The site's own values of settings whose default depends on it."""
    newline: str
    whole_file: bool
    """Whether the file is about `params` alone, as config/_default/params.toml is."""

    @property
    def values(self) -> dict[str, Any]:
        """The settings that are shown."""
        standard = Settings()
        plain = {name: getattr(standard, NAMES[name][0]) for name, _, _ in _SHOWN}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in (plain | dict(self.known)).items()}


def is_there(text: str) -> bool:
    """Whether a configuration file has our settings, in force or as comments."""
    return _THERE.search(text) is not None


def in_toml(text: str, block: Block) -> str:
    """The file with the block at its end. Raises Unreadable, and Unfit where a table there would not be valid."""
    head = f"[{TABLE}]" if block.whole_file else f"[params.{TABLE}]"
    lines = [head, *(f"{name} = {value} # {what}" for name, value, what in _entries(block))]
    return _proved(text, block, lines, _load_toml, lambda lines: _at_end(text, lines, block.newline))


def in_yaml(text: str, block: Block) -> str:
    """The file with the block at the end of its `params`, else of the whole. Raises as `in_toml` does."""
    if len(text) > _LONGEST_YAML:
        raise Unfit(f"it is longer than {_LONGEST_YAML} characters")
    _check_yaml(text)
    lines = [f"{TABLE}:", *(f"  {name}: {value} # {what}" for name, value, what in _entries(block))]
    params = None if block.whole_file else _yaml_params(text)
    if params is not None:
        end, indent = params
        return _proved(text, block, lines, _load_yaml, lambda ls: _below(text, end, indent, ls, block.newline))
    if not block.whole_file:
        lines = ["params:", *("  " + line for line in lines)]
    return _proved(text, block, lines, _load_yaml, lambda ls: _at_end(text, ls, block.newline))


def as_json(block: Block) -> str:
    """What the owner of a JSON file could add by hand, as JSON has no comments."""
    entries = ",\n".join(f"  {json.dumps(name)}: {value}" for name, value, _ in _entries(block))
    return f'"{TABLE}": {{\n{entries}\n}}'


def _entries(block: Block) -> list[tuple[str, str, str]]:
    """Name, value (in JSON, which is YAML and TOML too) and meaning."""
    values = block.values
    return [
        (name, json.dumps(values[name], ensure_ascii=False), ja if block.japanese else en) for name, ja, en in _SHOWN
    ]


def _proved(
    text: str,
    block: Block,
    lines: Sequence[str],
    load: Callable[[str], Any],
    place: Callable[[Sequence[str]], str],
) -> str:
    before = load(text)
    # Two signs before the explanation: without one of them, it is still a comment.
    explanation = "## " + _HEADS["ja" if block.japanese else "en"]
    after = place([explanation, *(f"# {line}" for line in lines)])
    try:
        right = load(after) == before and load(place([explanation, *lines])) == _with_values(before, block)
    except (Unreadable, RecursionError):  # the latter of dotted keys, which nest without brackets
        right = False
    if not right:
        raise Unfit("the way that `params` is written there leaves no place for comments that could be switched on")
    return after


def _with_values(before: Any, block: Block) -> Any:
    if not isinstance(before, dict):
        return None
    if block.whole_file:
        return {**before, TABLE: block.values}
    name = next((key for key in before if str(key).lower() == "params"), "params")
    params = before.get(name) or {}
    return {**before, name: {**params, TABLE: block.values}} if isinstance(params, dict) else None


def _at_end(text: str, lines: Sequence[str], newline: str) -> str:
    gap = newline if text.strip() else ""
    return _closed(text, newline) + gap + "".join(line + newline for line in lines)


def _below(text: str, number: int, indent: str, lines: Sequence[str], newline: str) -> str:
    """With more lines after the first `number` ones."""
    old = _closed(text, newline).splitlines(keepends=True)
    return "".join([*old[:number], *(indent + line + newline for line in lines), *old[number:]])


def _closed(text: str, newline: str) -> str:
    return text if not text or text.endswith("\n") else text + newline


def _yaml_params(text: str) -> tuple[int, str] | None:
    """How many lines of the file there are down to the end of `params`, and the indentation in it; None without it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import MappingNode

    with _told_as_unreadable():
        root = YAML(pure=True).compose(text)
    pairs = list(root.value) if isinstance(root, MappingNode) else []
    at = next((n for n, (key, _) in enumerate(pairs) if str(key.value).lower() == "params"), None)
    if at is None:
        return None
    key, value = pairs[at]
    if not isinstance(value, MappingNode):  # `params:` with nothing
        return key.start_mark.line + 1, "  "
    lines, indent = text.splitlines(), value.start_mark.column
    end = pairs[at + 1][0].start_mark.line if at + 1 < len(pairs) else len(lines)
    while end > value.start_mark.line + 1 and _belongs_below(lines[end - 1], indent):
        end -= 1
    return end, " " * indent


def _belongs_below(line: str, indent: int) -> bool:
    """A blank line, or a comment that is not indented like what is above it."""
    bare = line.strip()
    return not bare or (bare.startswith("#") and len(line) - len(line.lstrip()) < indent)


def _load_toml(text: str) -> Any:
    try:
        return toml.parsed(text)
    except ValueError as error:
        raise Unreadable(str(error)) from None


def _check_yaml(text: str) -> None:
    """Raises Unreadable where a small text means a very large, a very deep or an endless document.

    Aliases of aliases grow with every line, and merge keys copy what they name.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, ScalarEvent

    anchored: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []  # anchor, and nodes in it so far
    with _told_as_unreadable():
        for event in YAML(pure=True).parse(text):
            if isinstance(event, CollectionStartEvent):
                anchored.pop(event.anchor, None)
                open_nodes.append((event.anchor, 1))
                if len(open_nodes) > _DEEPEST:
                    raise Unreadable("it is nested too deep")
                continue
            if isinstance(event, AliasEvent):
                if event.anchor not in anchored:
                    raise Unreadable(f"the alias *{event.anchor} stands for nothing, or for what it is in")
                anchor, nodes = None, anchored[event.anchor]
            elif isinstance(event, ScalarEvent):
                anchor, nodes = event.anchor, 1
            elif isinstance(event, CollectionEndEvent):
                anchor, nodes = open_nodes.pop()
            else:
                continue
            if anchor is not None:
                anchored[anchor] = nodes
            if open_nodes:
                open_nodes[-1] = (open_nodes[-1][0], open_nodes[-1][1] + nodes)
            if nodes > _MOST_NODES:
                raise Unreadable("its aliases make it too large")


def _load_yaml(text: str) -> Any:
    from ruamel.yaml import YAML

    with _told_as_unreadable():
        return YAML(typ="safe", pure=True).load(text) or {}


@contextmanager
def _told_as_unreadable() -> Iterator[None]:
    """Whatever the YAML parser raises, as Unreadable."""
    from ruamel.yaml.error import MarkedYAMLError

    try:
        with warnings.catch_warnings(action="ignore"):  # of an anchor that is used twice, which Hugo does not mind
            yield
    except Unreadable:
        raise
    except MarkedYAMLError as error:
        where = f" (at line {error.problem_mark.line + 1})" if error.problem_mark else ""
        raise Unreadable(f"{error.problem}{where}") from None
    except RecursionError:
        raise Unreadable("it is nested too deep") from None
    except Exception as error:  # noqa: BLE001 - of `!!bool x` the parser makes a KeyError, of `!!int ""` an IndexError
        raise Unreadable(next(iter(str(error).splitlines()), type(error).__name__)) from None
