"""The Claude SDK: how its client is made, and what it may not do. https://platform.claude.com/docs/en/cli-sdks-libraries

It takes over a second to import, so that is done in a function.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hugo_llmpapers.errors import SetupError, checking_network_environment
from hugo_llmpapers.summaries.model_names import is_claude
from hugo_llmpapers.web.loopback import LOOPBACK, is_private
from hugo_llmpapers.web.rate_limit import MAX_RETRY_AFTER_S, retry_after_s

if TYPE_CHECKING:
    import httpx2
    from anthropic import Anthropic

LONGEST_ANSWER = 1_000_000
"""Bytes of a Message; a whole one has about 20,000."""
SILENCE_S = 60.0
CONNECT_S = 5.0
ATTEMPTS = 2
"""Of what may be repeated as it stands: not of what is paid for."""
USUAL_WAIT_S = 1.0
NO_KEY = "none"
"""What a server gets that wants no key, as the SDK sends nothing without one."""
KEY_REMEDY = 'Set ANTHROPIC_API_KEY to a key from https://platform.claude.com/, or use `summarizer = "excerpt"`.'
ADDRESS_REMEDY = "Set ANTHROPIC_BASE_URL to one such as http://localhost:11434, without /v1, or leave it out."
PLAIN_REMEDY = "Use https:, or no key where the server wants none: unset ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN."

_importing = threading.Lock()


def load_sdk() -> None:
    """Imports the SDK, one thread at a time: two that import it at once can find it half made."""
    with _importing:
        import anthropic  # noqa: F401
        import httpx2  # noqa: F401


def author_name(model: str) -> str:
    """Who writes with it, for messages."""
    return "Claude" if not model or is_claude(model) else model


def connect(api_key: str | None, http_transport: Any = None) -> Anthropic:
    """The SDK's client. `api_key` None leaves it to the SDK's environment and profiles; `http_transport`: httpx2's.

    Raises SetupError where it finds no credentials, or a base URL or a proxy that is none.
    """
    load_sdk()
    import anthropic
    import httpx2

    home: list[httpx2.URL] = []
    with checking_network_environment(httpx2.InvalidURL):
        http_client = _http(http_transport, home)
    try:
        client = anthropic.Anthropic(
            api_key=api_key,
            http_client=http_client,
            timeout=httpx2.Timeout(SILENCE_S, connect=CONNECT_S),
            max_retries=ATTEMPTS - 1,
        )
    except anthropic.AnthropicError as error:
        said = f"The Claude SDK finds no usable credentials: {one_line(error)}"
        raise SetupError(said, KEY_REMEDY, trouble="key") from None
    except (ValueError, httpx2.InvalidURL) as error:
        raise SetupError(
            f"ANTHROPIC_BASE_URL is no address: {one_line(error)}.", ADDRESS_REMEDY, trouble="endpoint"
        ) from None
    if client.base_url.scheme not in ("http", "https") or not client.base_url.host:
        said = f"ANTHROPIC_BASE_URL is no address: {address(client.base_url)}"
        raise SetupError(said, ADDRESS_REMEDY, trouble="endpoint")
    if all(found is None for found in (client.api_key, client.auth_token, client.credentials)):
        raise SetupError("There is no Claude API key.", KEY_REMEDY, trouble="key")
    if api_key != NO_KEY and not is_private(str(client.base_url)):
        said = f"ANTHROPIC_BASE_URL is plain HTTP to another machine, {address(client.base_url)}: others could read the key."
        raise SetupError(said, PLAIN_REMEDY, trouble="endpoint")
    home.append(client.base_url)
    return client


def _http(transport: Any, home: Sequence[httpx2.URL]) -> httpx2.Client:
    """The SDK's own, which goes nowhere but to `home` with the key, waits no hour, and reads no endless answer."""
    import anthropic
    import httpx2

    def stay(request: httpx2.Request) -> None:
        # A batch says itself where its results are.
        for url in home:
            if request.url.scheme not in {url.scheme, "https"} or request.url.netloc != url.netloc:
                raise httpx2.UnsupportedProtocol(f"sends us to {address(request.url)}, where we do not go")

    given: dict[str, Any] = {"transport": transport} if transport else {}
    # A proxy for plain HTTP would read the key that goes to this machine.
    given["mounts"] = {f"http://{host}": None for host in LOOPBACK}
    hooks: dict[str, list[Callable[..., Any]]] = {"request": [stay], "response": [_limit]}
    return anthropic.DefaultHttpxClient(event_hooks=hooks, follow_redirects=False, **given)


def _limit(response: httpx2.Response) -> None:
    import httpx2

    class Limited(httpx2.SyncByteStream):
        def __init__(self, stream: httpx2.SyncByteStream) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for part in self._stream:
                size += len(part)
                if size > LONGEST_ANSWER:
                    raise httpx2.DecodingError(f"more than {LONGEST_ANSWER} bytes")
                yield part

        def close(self) -> None:
            self._stream.close()

    if asked_wait_s(response) is None:
        response.headers["x-should-retry"] = "false"
    if response.request.url.path.endswith("/messages") and isinstance(response.stream, httpx2.SyncByteStream):
        if response.headers.get("content-encoding", "identity") != "identity":
            raise httpx2.DecodingError("compressed, which was not asked for")
        response.stream = Limited(response.stream)


def retirement_note(model: str) -> str | None:
    """What the SDK knows of a model's end; None where it knows of none. Imports the SDK."""
    day = end_of_life(model)
    return (
        f"The model {model} reaches its end of life on {day}: choose another in the setting `model`." if day else None
    )


def end_of_life(model: str) -> str | None:
    """The day of a model's end as the SDK has it, such as `November 30th, 2026`; None where it knows of none."""
    load_sdk()
    from anthropic.resources.messages import messages

    # Its own table, which it does not promise to keep.
    known: Mapping[str, str] = getattr(messages, "DEPRECATED_MODELS", {})
    return known.get(model)


def asked_wait_s(response: httpx2.Response) -> float | None:
    """Return the seconds to wait before a retry; None if the server requests a longer wait than MAX_RETRY_AFTER_S."""
    wait_s = retry_after_s(response.headers)
    if wait_s is None:
        return USUAL_WAIT_S
    return wait_s if wait_s <= MAX_RETRY_AFTER_S else None


def address(url: httpx2.URL) -> str:
    """A URL for a person: without the password that may stand in it."""
    return one_line(f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}{url.path}")


def one_line(text: object) -> str:
    """What somebody else has written, as a line that a terminal can be given."""
    return "".join(c for c in " ".join(str(text).split()) if c.isprintable())[:200]
