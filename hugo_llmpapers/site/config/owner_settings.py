"""Which settings are the site owner's: those that Hugo finds where the site has no theme and no module.

`hugo config` merges the `params` of themes and modules into the site's, and does not say whose a value is. A theme's
`languages.en.params` even win over the site's general `params` and over variables.
https://gohugo.io/configuration/introduction/#merge-configuration-settings
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.config.settings import THEMES_MAY_SET
from hugo_llmpapers.site.hugo import Configuration, Hugo

_TABLE = "llmpapers"
_EMPTY_THEME = "empty"
_REPLACED = frozenset({"theme", "themesdir", "module", "outputs"})
"""What the variables of `_alone` say, in whatever spelling the environment says it already."""


def own_config(site_hugo: Hugo, merged: Configuration, language: str | None) -> Configuration:
    """What `hugo config` says of the site without its themes and modules: its own files and the environment.

    `merged`: what it says with them; returned as it is where it has no setting of ours. `language`: its name, on a site
    with several. Hugo itself reads the files, so no format or place is taken for the owner's that Hugo does not read.
    Raises SetupError where Hugo cannot read them without the theme.
    """
    config = merged.values
    themed = config.get("theme") or (config.get("module") or {}).get("imports")
    if not themed or not _entry(config.get("params"), _TABLE):
        return merged  # and Hugo is not asked again
    from hugo_llmpapers.temporary import temporary_folder

    with temporary_folder() as folder:
        (folder / _EMPTY_THEME).mkdir()
        alone = _alone(config) | {"HUGO_THEMESDIR": str(folder)}
        kept = {name: value for name, value in site_hugo.environ.items() if not _REPLACED & set(_path(name)[:1])}
        try:
            return hugo.config(replace(site_hugo, environ=kept | alone), language)
        except hugo.TimedOut:
            raise
        except SetupError as failure:
            raise SetupError(
                f"Which settings are the site's own cannot be told, as without its theme and modules {failure.message}",
                "Set what is missing, such as a media type or a language, in the site's own configuration too.",
            ) from None


def _alone(config: Mapping[str, Any]) -> dict[str, str]:
    """Variables that leave out themes and modules, and what only they define.

    An empty theme, as Hugo 0.131 takes no empty list from a variable. The site's `outputs` may name a theme's formats.
    """
    outputs = {kind: ["html"] for kind in config.get("outputs") or ()}
    variables = {"HUGO_THEME": _EMPTY_THEME, "HUGO_MODULE": '{"imports": []}'}
    if outputs:
        variables["HUGO_OUTPUTS"] = json.dumps(outputs)
        # With another delimiter, so that the owner's variable of that name still counts.
        variables["HUGO;LANGUAGES"] = json.dumps({key: {"outputs": outputs} for key in config.get("languages") or ()})
    return variables


def split_by_owner(found: Mapping[str, Any], owners: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The settings that count, and the names of those that do not, because a theme or module set them.

    `found`: `params.llmpapers` of `hugo config`, with lower-case keys. `owners`: the same of `own_config`. The owner's
    value counts wherever there is one.
    """
    may = {name.lower() for name in THEMES_MAY_SET}
    kept = {key: value for key, value in found.items() if key in may} | dict(owners)
    foreign = list[str]()
    for key, value in found.items():
        if key in may or value == owners.get(key):
            continue
        if isinstance(value, Mapping) and value:
            # Hugo merges tables entry by entry.
            own = owners.get(key)
            foreign += [f"{key}.{part}" for part, one in value.items() if one != _entry(own, part)]
        else:
            foreign.append(key)
    return kept, tuple(foreign)


def values_in_environment(key: str, environ: Mapping[str, str]) -> Iterator[str]:
    """What variables set `params.llmpapers.KEY` to, in any spelling that Hugo has for it; also in JSON for a whole table.

    `key`: with dots, such as `endpoints.huggingface`.
    """
    target = ("params", _TABLE, *key.lower().split("."))
    for path, value in _variables(environ):
        if path == target[: len(path)]:
            found: Any = value
            for name in target[len(path) :]:
                found = _entry(_json(found), name)
            if isinstance(found, str):
                yield found


def _variables(environ: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The keys that variables stand for, `params` and what is below; a language's, too."""
    for name, value in environ.items():
        if path := _path(name):
            yield (path[2:] if path[0] == "languages" and len(path) > 2 else path), value


def _path(name: str) -> tuple[str, ...]:
    """The key that a variable of this name stands for; () where Hugo sees none in it.

    The character after HUGO separates the names: https://gohugo.io/configuration/introduction/#environment-variables
    """
    if not name.startswith("HUGO") or len(name) < 6:
        return ()
    return tuple(part.lower() for part in name[5:].split(name[4]))


def _entry(table: Any, name: str) -> Any:
    """Hugo does not tell upper and lower case apart."""
    entries = table.items() if isinstance(table, Mapping) else ()
    return next((value for key, value in entries if str(key).lower() == name), None)


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
