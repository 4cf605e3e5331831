"""The front matter of pages and archetypes. https://gohugo.io/content-management/front-matter/

The libraries for YAML are imported on first use, as most pages are looked at without parsing any field.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from hugo_llmpapers.site.config.tables import parse_toml

if TYPE_CHECKING:
    from frontmatter.default_handlers import BaseHandler

Format = Literal["yaml", "toml", "json"]

LONGEST = 65_536
"""Characters, or bytes, of front matter that is parsed; ruamel.yaml takes about half a second for this many."""
_SKIPPED = "\ufeff \t\r\n"
"""What Hugo skips in front of it."""
_OPENINGS: dict[str, Format] = {"---": "yaml", "+++": "toml", "{": "json"}
_OPENING_LINE = re.compile(r"^(?:-{3,}|\+{3,}|\{)[ \t]*$", re.MULTILINE)
_TOML_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)


class FrontMatter(NamedTuple):
    """A page or an archetype, split."""

    format: Format
    block: str
    """The front matter with its delimiters, without the newline after them."""
    text: str
    """What stands between the delimiters; JSON includes its braces."""


def head(page: bytes) -> bytes:
    """Return the beginning of a page, with the whole of its front matter unless that is very long, and nothing parsed.

    If the page is in JSON or has no front matter, a part of the body comes with it.
    """
    end = page.find(b"\n" + page[:3], 3, LONGEST) if page.startswith((b"---", b"+++")) else -1
    return page[: end + 4] if end > 0 else page[:4096]


def format_of(text: str) -> Format | None:
    """Return the format by the first characters of a page or archetype; None if it does not begin with front matter."""
    start = text.lstrip(_SKIPPED)
    if start.startswith("{{"):  # a template's action, which is no JSON
        return None
    return next((name for opening, name in _OPENINGS.items() if start.startswith(opening)), None)


def split(text: str) -> FrontMatter | None:
    """Return the parts of a page with LF line ends; None if it has no front matter, or one that does not end."""
    text, name = text.lstrip(_SKIPPED), format_of(text)
    if name is None:
        return None
    try:
        if name == "json":
            inner = block = text[: json.JSONDecoder().raw_decode(text)[1]]
        elif (handler := _handlers()[name]).detect(text):
            inner, body = handler.split(text)
            block = text[: len(text) - len(body)].rstrip("\n")
        else:
            return None
    except (ValueError, RecursionError):
        return None
    return FrontMatter(name, block, inner)


def split_archetype(text: str) -> FrontMatter | None:
    """Return the front matter of an archetype, which may begin with lines of its template; None as `split`."""
    opening = _OPENING_LINE.search(text)
    return split(text[opening.start() :]) if opening else None


def fields(page: str | bytes) -> dict[str, Any]:
    """Return the fields of a page by their names in lower case, as Hugo ignores case; empty if it has no front matter.

    Dates in YAML and JSON stay strings. Raises ValueError if the front matter is too long or cannot be parsed.
    """
    text = page.decode("utf-8", "replace") if isinstance(page, bytes) else page
    if format_of(text) is None:
        return {}
    found = split(text.replace("\r\n", "\n"))
    if found is None:
        raise ValueError("it does not end")
    if len(found.text) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST} characters")
    if found.format == "yaml":
        from hugo_llmpapers.site.config.yaml import parse_yaml

        values = parse_yaml(found.text) or {}
    else:
        values = json.loads(found.text) if found.format == "json" else parse_toml(found.text)
    if not isinstance(values, dict):
        raise ValueError("it is not a table of fields")
    return {str(name).lower(): value for name, value in values.items()}


@cache
def _handlers() -> dict[Format, BaseHandler]:
    """python-frontmatter has a handler for TOML only with a library that reads an old version of TOML."""
    from frontmatter.default_handlers import BaseHandler, YAMLHandler

    return {"yaml": YAMLHandler(), "toml": BaseHandler(_TOML_BOUNDARY, "+++", "+++")}
