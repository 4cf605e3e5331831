"""Keys from the environment: who is sent them, whether Claude writes the summaries, and what to warn of before a run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site.config.settings import SETTINGS, Endpoints, Settings
from hugo_llmpapers.site.config.tables import values_in_environment
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries.models import NO_KEY, is_claude
from hugo_llmpapers.web.loopback import is_private

CREDENTIALS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE", "ANTHROPIC_FEDERATION_RULE_ID")
"""Variables with which the Claude SDK can authenticate; it can also use a profile in its configuration folder."""
SERVICE_KEYS = {"S2_API_KEY": "semanticscholar", "HF_TOKEN": "huggingface"}
"""The variable with each service's key, and the service's name in `endpoints`."""
OWN_FILE = "Set it in the site's own configuration if you want it."
_CLAUDE_URL = "https://api.anthropic.com"


def _has_variable(environ: Mapping[str, str]) -> bool:
    return any(environ.get(name, "").strip() for name in CREDENTIALS)


def has_credentials(environ: Mapping[str, str]) -> bool:
    """Return whether the Claude SDK would find credentials, without importing it: a variable, or its active profile, which
    is the one named in `active_config`, else `default`."""
    if _has_variable(environ):
        return True
    own = environ.get("ANTHROPIC_CONFIG_DIR")
    folder = Path(own) if own else Path(environ.get("HOME") or Path.home(), ".config", "anthropic")
    name = ""
    with suppress(OSError, UnicodeDecodeError):
        name = (folder / "active_config").read_text(encoding="utf-8").strip()
    with suppress(OSError):  # no permission
        return Path(folder, "configs", f"{name or 'default'}.json").is_file()
    return False


def needs_no_key(settings: Settings, environ: Mapping[str, str]) -> bool:
    """Return whether the model is not Claude but one of the owner's own server, such as Ollama."""
    url = environ.get("ANTHROPIC_BASE_URL", "").strip()
    return url != "" and "anthropic.com" not in url and not is_claude(settings.model)


def uses_claude(blog: Blog, *, sample: bool = False) -> bool:
    """Return whether the summaries are written by Claude, or by the model used instead; else they are excerpts."""
    settings, environ = blog.settings, blog.site.hugo.environ
    if settings.summarizer == "auto":
        return sample or has_credentials(environ) or needs_no_key(settings, environ)
    return settings.summarizer == "claude"


def claude_key(settings: Settings, environ: Mapping[str, str]) -> str | None:
    """Return the key for the SDK; None if the SDK has to find credentials itself. Raises SetupError for an invalid key."""
    key = key_of("ANTHROPIC_API_KEY", environ)
    key_of("ANTHROPIC_AUTH_TOKEN", environ)  # the SDK reads it itself
    if needs_no_key(settings, environ) and not _has_variable(environ):
        return NO_KEY  # a profile on the disk is for Claude only
    return key or None


def key_of(name: str, environ: Mapping[str, str]) -> str:
    """Return a key; empty if it is not set. Raises SetupError if it cannot be sent in a header."""
    key = environ.get(name, "")
    # The SDK sends its token unchanged.
    key = key if name == "ANTHROPIC_AUTH_TOKEN" else key.strip()
    if not key.isascii() or not key.isprintable():
        raise SetupError(f"{name} contains characters that no key has.", "Copy the key again.")
    return key


def key_receivers(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """Return, for each variable with a key, the scheme and host that the key is sent to."""
    urls = dict.fromkeys(CREDENTIALS, environ.get("ANTHROPIC_BASE_URL", "").strip() or _CLAUDE_URL)
    urls |= {name: getattr(settings.endpoints, service) for name, service in SERVICE_KEYS.items()}
    return {name: _without_password(url) for name, url in urls.items()}


def _without_password(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an invalid URL"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def key_for(name: str, service: str, settings: Settings, environ: Mapping[str, str]) -> str:
    """Return the key to send to the service; empty if it is not set or may not be sent. Raises as `key_of`."""
    return key_of(name, environ) if withheld(service, settings, environ) is None else ""


def withheld(service: str, settings: Settings, environ: Mapping[str, str]) -> str | None:
    """Return why a key may not be sent to the service; None if it may.

    A key goes only to the service's usual host or to one that the environment names, as a file may be changed by a pull
    request. It is sent encrypted or stays on this machine.
    """
    url = getattr(settings.endpoints, service)
    if url == getattr(Endpoints(), service):
        return None
    in_environment = (value.strip().rstrip("/") for value in values_in_environment(f"endpoints.{service}", environ))
    if url not in in_environment:
        return f"endpoints.{service} is set in a file, and keys go only where the environment says"
    return None if is_private(url) else f"endpoints.{service} is plain HTTP, which others can read"


def withheld_keys(settings: Settings, environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return each key that is set and not sent to its service, with the reason and the remedy."""
    found = {}
    for name, service in SERVICE_KEYS.items():
        if environ.get(name, "").strip() and (reason := withheld(service, settings, environ)) is not None:
            variable = f"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_{service.upper()}"
            found[name] = reason, f"To send it, set {variable} in the environment to an https: address."
    return found


def ignored_settings(blog: Blog) -> Iterator[str]:
    """Yield the names of settings that a theme or module sets although only the owner may."""
    names = {name.lower(): name for name in SETTINGS}
    for key in blog.ignored_settings:
        table, dot, part = key.partition(".")
        yield f"params.llmpapers.{names.get(table, table)}{dot}{part}"


def warnings(blog: Blog) -> Iterator[str]:
    """Yield a line for each ignored setting and each key that is not sent."""
    for name in ignored_settings(blog):
        yield f"{name} is set by a theme or module and is ignored. {OWN_FILE}"
    for name, (reason, remedy) in withheld_keys(blog.settings, os.environ).items():
        yield f"{name} is not sent: {reason}. {remedy}"
