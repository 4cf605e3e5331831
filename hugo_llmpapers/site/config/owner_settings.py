"""Which settings are the site owner's: those that Hugo reads from the site without its themes and modules.

`hugo config` merges the `params` of themes and modules into the site's, and does not print whose a value is. A theme's
`languages.en.params` even override the site's general `params` and variables.
https://gohugo.io/configuration/introduction/#merge-configuration-settings
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.config.settings import THEMES_MAY_SET
from hugo_llmpapers.site.config.tables import entry
from hugo_llmpapers.site.config.variables import key_of
from hugo_llmpapers.site.hugo import Configuration, Hugo

_EMPTY_THEME = "empty"
_REPLACED = frozenset({"theme", "themesdir", "module", "outputs"})
"""Keys that `_without_themes` sets; other variables for them are removed, whatever their spelling."""


def own_config(site_hugo: Hugo, merged: Configuration, language: str | None) -> Configuration:
    """Return what `hugo config` prints for the site's own files and the environment, without themes and modules.

    `merged`: what it prints with them; returned unchanged if it has none of our settings. `language`: its name, on a site
    with several. Raises SetupError if Hugo cannot read the site without the theme.
    """
    config = merged.values
    has_themes = config.get("theme") or (config.get("module") or {}).get("imports")
    if not has_themes or not entry(config.get("params"), "llmpapers"):
        return merged
    from hugo_llmpapers.temporary import temporary_folder

    with temporary_folder() as folder:
        (folder / _EMPTY_THEME).mkdir()
        kept = {name: value for name, value in site_hugo.environ.items() if not _REPLACED & set(key_of(name)[:1])}
        variables = _without_themes(config) | {"HUGO_THEMESDIR": str(folder)}
        try:
            return hugo.config(replace(site_hugo, environ=kept | variables), language)
        except hugo.TimedOut:
            raise
        except SetupError as failure:
            raise SetupError(
                f"The site's own settings are unknown, as without its theme and modules {failure.message}",
                "Set what is missing, such as a media type or a language, in the site's own configuration too.",
            ) from None


def _without_themes(config: Mapping[str, Any]) -> dict[str, str]:
    """Return variables that remove themes and modules, and `outputs`, which may name formats of a theme."""
    outputs = {kind: ["html"] for kind in config.get("outputs") or ()}
    # Hugo 0.131 does not accept an empty list of themes from a variable.
    variables = {"HUGO_THEME": _EMPTY_THEME, "HUGO_MODULE": '{"imports": []}'}
    if outputs:
        variables["HUGO_OUTPUTS"] = json.dumps(outputs)
        # With another separator, so that the owner's variable of that name still counts.
        variables["HUGO;LANGUAGES"] = json.dumps({key: {"outputs": outputs} for key in config.get("languages") or ()})
    return variables


def split_by_owner(merged: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the settings that count, and the keys of those that a theme or module set without being allowed to.

    `merged`: `params.llmpapers` of `hugo config`, with lower-case keys. `own`: the same of `own_config`, which wins.
    """
    allowed = {name.lower() for name in THEMES_MAY_SET}
    settings = {key: value for key, value in merged.items() if key in allowed} | dict(own)
    ignored = list[str]()
    for key, value in merged.items():
        if key in allowed or value == own.get(key):
            continue
        if isinstance(value, Mapping) and value:
            # Hugo merges tables entry by entry.
            ignored += [f"{key}.{part}" for part, one in value.items() if one != entry(own.get(key), part)]
        else:
            ignored.append(key)
    return settings, tuple(ignored)
