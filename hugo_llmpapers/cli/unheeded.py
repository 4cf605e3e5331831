"""What the configuration asks for and does not get, as it may not be the owner who asks: one line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hugo_llmpapers.cli.credentials import SERVICE_KEYS, withheld
from hugo_llmpapers.site.config.settings import SETTINGS, Settings
from hugo_llmpapers.site.site import Blog

OWN_FILE = "Set it in the site's own configuration if you want it."


def unheeded(blog: Blog, environ: Mapping[str, str]) -> Iterator[str]:
    """For a run that asks the services."""
    for name in foreign(blog):
        yield f"{name} is set by a theme or module, which may not set it, and does not count. {OWN_FILE}"
    for name, why, remedy in without_key(blog.settings, environ):
        yield f"{name} is not sent: {why}. {remedy}"


def foreign(blog: Blog) -> Iterator[str]:
    """The names of the settings that do not count."""
    written = {name.lower(): name for name in SETTINGS}
    for key in blog.ignored_settings:
        table, dot, part = key.partition(".")
        yield f"params.llmpapers.{written.get(table, table)}{dot}{part}"


def without_key(settings: Settings, environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The keys that there are and that their service does not get, why, and what to do."""
    for name, service in SERVICE_KEYS.items():
        if environ.get(name, "").strip() and (why := withheld(service, settings, environ)) is not None:
            variable = f"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_{service.upper()}"
            yield name, why, f"To send it, set {variable} in the environment, to an address with https:."
