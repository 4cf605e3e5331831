"""Keys out of the environment, and who writes the summaries with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site.config.settings import Endpoints, Settings
from hugo_llmpapers.site.config.variables import values_in_environment
from hugo_llmpapers.summaries.model_names import NO_KEY, is_claude
from hugo_llmpapers.web.loopback import is_private

CREDENTIALS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE", "ANTHROPIC_FEDERATION_RULE_ID")
"""Any of these may let the SDK in; so may a profile in its configuration folder."""
CLAUDE = "https://api.anthropic.com"
SERVICE_KEYS = {"S2_API_KEY": "semanticscholar", "HF_TOKEN": "huggingface"}
"""The service of each key, by its name in `endpoints`."""


def has_credentials(environ: Mapping[str, str]) -> bool:
    """Whether there is anything that the Claude SDK could use, without importing it."""
    return any(environ.get(name, "").strip() for name in CREDENTIALS) or _has_profile(environ)


def _has_profile(environ: Mapping[str, str]) -> bool:
    """Whether the SDK would find its active profile, the one named in `active_config`; any other file is not for it."""
    own = environ.get("ANTHROPIC_CONFIG_DIR")
    folder = Path(own) if own else Path(environ.get("HOME") or Path.home(), ".config", "anthropic")
    try:
        name = (folder / "active_config").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    try:
        return Path(folder, "configs", f"{name or 'default'}.json").is_file()
    except OSError:  # in a home that is not ours to read
        return False


def wants_no_key(settings: Settings, environ: Mapping[str, str]) -> bool:
    """Whether the model is one that a server of the owner's has, such as Ollama, and not Claude."""
    url = environ.get("ANTHROPIC_BASE_URL", "").strip()
    return url != "" and "anthropic.com" not in url and not is_claude(settings.model)


def writes_claude(settings: Settings, environ: Mapping[str, str], *, sample: bool) -> bool:
    """Whether Claude, or the model in its place, writes the summaries of this run."""
    if settings.summarizer == "auto":
        return sample or has_credentials(environ) or wants_no_key(settings, environ)
    return settings.summarizer == "claude"


def claude_key(settings: Settings, environ: Mapping[str, str]) -> str | None:
    """What the SDK is given; None leaves it to what the SDK finds itself. Raises SetupError for what is no key."""
    key = key_of("ANTHROPIC_API_KEY", environ)
    key_of("ANTHROPIC_AUTH_TOKEN", environ, strip=False)  # which the SDK reads by itself, as it is
    if wants_no_key(settings, environ) and not any(environ.get(name, "").strip() for name in CREDENTIALS):
        return NO_KEY  # and not what a profile on the disk holds, which is for Claude
    return key or None


def key_of(name: str, environ: Mapping[str, str], *, strip: bool = True) -> str:
    """A key as a header can carry it; empty where there is none. Raises SetupError for one that no header can carry."""
    key = environ.get(name, "")
    key = key.strip() if strip else key
    if not key.isascii() or not key.isprintable():
        raise SetupError(f"{name} holds characters that no key has.", "Copy the key again.")
    return key


def hosts(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """By variable, scheme and host of who is sent the key in it."""
    claude = environ.get("ANTHROPIC_BASE_URL", "").strip() or CLAUDE
    urls = dict.fromkeys(CREDENTIALS, claude)
    urls |= {name: getattr(settings.endpoints, service) for name, service in SERVICE_KEYS.items()}
    return {name: _host(url) for name, url in urls.items()}


def _host(url: str) -> str:
    """Without the password that may stand in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is none"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def key_for(name: str, service: str, settings: Settings, environ: Mapping[str, str]) -> str:
    """The key that the service is sent; empty where there is none, or it may not have it. Raises as `key_of`."""
    return key_of(name, environ) if withheld(service, settings, environ) is None else ""


def withheld(service: str, settings: Settings, environ: Mapping[str, str]) -> str | None:
    """Why a service may not have its key; None where it may.

    A key goes to the service's own host, or to one that the environment names: what a file says may come from a pull
    request. It travels encrypted, or stays on this machine.
    """
    url = getattr(settings.endpoints, service)
    if url == getattr(Endpoints(), service):
        return None
    if all(said.strip().rstrip("/") != url for said in values_in_environment(f"endpoints.{service}", environ)):
        return f"endpoints.{service} is set in a file, and keys go only where the environment says"
    return None if is_private(url) else f"endpoints.{service} is plain HTTP, which others can read"
