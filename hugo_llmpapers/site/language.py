"""The language of the post and its summaries: the setting `language`, or the site's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site.config.settings import Settings


def default_language(config: Mapping[str, Any]) -> str:
    """Return the name of a site's default language."""
    return str(config.get("defaultcontentlanguage", "en"))


def languages(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the site's languages; empty if it has one."""
    names = tuple(config.get("languages") or ())
    return names if len(names) > 1 else ()


def post_language(settings: Settings, config: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the post's language, and its name in the configuration of a site with several. Raises SetupError."""
    default, names = default_language(config), languages(config)
    if not names:
        if len(settings.languages) > 1:
            raise SetupError(
                f"The site has one language, and `language` names {', '.join(settings.languages)}.",
                "Add `languages` to the site's configuration, or name one of them.",
            )
        # A blog in one language often sets only its locale: `languageCode = "ja-jp"`.
        locale = str(config.get("locale") or config.get("languagecode") or default)
        return settings.language or re.split("[-_]", locale)[0].lower(), None
    code = (settings.language or default).lower()
    key = next((key for key in names if key.lower() in {code, code.partition("-")[0]}), None)
    if key is None:
        raise SetupError(f"The site has no language `{settings.language}`.", f"Its languages are {', '.join(names)}.")
    return key, key
