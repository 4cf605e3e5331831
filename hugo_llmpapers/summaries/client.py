"""Creates the client of Claude's SDK, with limits on where it connects, how long it waits and how much it reads.

https://platform.claude.com/docs/en/cli-sdks-libraries. The SDK takes over a second to import, so this module is imported
only when a client is needed. Modules import `anthropic` before anything inside it, which is safe in several threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from typing import Any

import anthropic
import httpx2
from anthropic.resources.messages import messages

from hugo_llmpapers.errors import SetupError, checking_network_environment
from hugo_llmpapers.summaries.models import NO_KEY
from hugo_llmpapers.web.loopback import LOOPBACK, is_private
from hugo_llmpapers.web.rate_limit import MAX_RETRY_AFTER_S, retry_after_s

MAX_ANSWER_BYTES = 1_000_000
"""Of a Message; a complete one has about 20,000."""
READ_TIMEOUT_S = 60.0
CONNECT_TIMEOUT_S = 5.0
MAX_RETRIES = 1
"""Of requests that cost nothing. Those that are paid for set their own."""
USUAL_WAIT_S = 1.0
KEY_REMEDY = 'Set ANTHROPIC_API_KEY to a key from https://platform.claude.com/, or use `summarizer = "excerpt"`.'
ADDRESS_REMEDY = "Set ANTHROPIC_BASE_URL to a URL such as http://localhost:11434, without /v1, or unset it."
_PLAIN_HTTP_REMEDY = "Use https:, or no key if the server needs none: unset ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN."


def connect(api_key: str | None, transport: httpx2.BaseTransport | None = None) -> anthropic.Anthropic:
    """Return the SDK's client. If `api_key` is None, the SDK looks for credentials in its environment and profiles.

    Raises SetupError if it finds none, or if the base URL or a proxy is invalid.
    """
    with checking_network_environment(httpx2.InvalidURL):
        # A proxy for plain HTTP could read the key that is sent to this machine.
        options: dict[str, Any] = {"mounts": {f"http://{host}": None for host in LOOPBACK}}
        if transport is not None:
            options["transport"] = transport
        http_client = anthropic.DefaultHttpxClient(follow_redirects=False, **options)
    try:
        client = anthropic.Anthropic(
            api_key=api_key,
            http_client=http_client,
            timeout=httpx2.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            max_retries=MAX_RETRIES,
        )
    except anthropic.AnthropicError as error:
        message = f"The Claude SDK finds no usable credentials: {printable(error)}"
        raise SetupError(message, KEY_REMEDY, trouble="key") from None
    except (ValueError, httpx2.InvalidURL) as error:
        raise _invalid_base_url(f"{printable(error)}.") from None
    _check_client(client, sends_key=api_key != NO_KEY)
    http_client.event_hooks = {"request": [partial(_check_host, client.base_url)], "response": [_limit]}
    return client


def _check_client(client: anthropic.Anthropic, *, sends_key: bool) -> None:
    url = client.base_url
    if url.scheme not in ("http", "https") or not url.host:
        raise _invalid_base_url(printable_url(url))
    if all(found is None for found in (client.api_key, client.auth_token, client.credentials)):
        raise SetupError("There is no Claude API key.", KEY_REMEDY, trouble="key")
    if sends_key and not is_private(str(url)):
        message = (
            f"ANTHROPIC_BASE_URL is plain HTTP to another machine, {printable_url(url)}: others could read the key"
        )
        raise SetupError(f"{message}.", _PLAIN_HTTP_REMEDY, trouble="endpoint")


def _invalid_base_url(detail: str) -> SetupError:
    return SetupError(f"ANTHROPIC_BASE_URL is not a valid URL: {detail}", ADDRESS_REMEDY, trouble="endpoint")


def _check_host(base_url: httpx2.URL, request: httpx2.Request) -> None:
    """Keep the key at its server: a batch, for one, contains the URL of its results."""
    if request.url.scheme not in {base_url.scheme, "https"} or request.url.netloc != base_url.netloc:
        raise httpx2.UnsupportedProtocol(f"refers to {printable_url(request.url)}, another host")


def _limit(response: httpx2.Response) -> None:
    if retry_wait_s(response) is None:
        # Else the SDK sleeps for any time that the server requests.
        response.headers["x-should-retry"] = "false"
    if response.request.url.path.endswith("/messages") and isinstance(response.stream, httpx2.SyncByteStream):
        if response.headers.get("content-encoding", "identity") != "identity":
            raise httpx2.DecodingError("compressed, which was not requested")
        with closing(response.stream) as stream:
            response.stream = httpx2.ByteStream(b"".join(_limited(stream)))


def _limited(stream: httpx2.SyncByteStream) -> Iterator[bytes]:
    size = 0
    for part in stream:
        size += len(part)
        if size > MAX_ANSWER_BYTES:
            raise httpx2.DecodingError(f"more than {MAX_ANSWER_BYTES} bytes")
        yield part


def end_of_life(model: str) -> str | None:
    """Return the day on which a model is retired, such as `November 30th, 2026`; None if the SDK knows of none."""
    days: Mapping[str, str] = getattr(messages, "DEPRECATED_MODELS", {})  # not a public table
    return days.get(model)


def retirement_note(model: str) -> str | None:
    """Return a note about the day on which a model is retired; None if the SDK knows of none."""
    day = end_of_life(model)
    return day and f"The model {model} reaches its end of life on {day}: choose another in the setting `model`."


def retry_wait_s(response: httpx2.Response) -> float | None:
    """Return the seconds to wait before a retry; None if the server requests a longer wait than MAX_RETRY_AFTER_S.

    None also for a request that we cannot read: the SDK reads more forms, and would wait for days.
    """
    wait_s = retry_after_s(response.headers)
    if wait_s is None:
        return None if "retry-after" in response.headers else USUAL_WAIT_S
    return wait_s if wait_s <= MAX_RETRY_AFTER_S else None


def printable_url(url: httpx2.URL) -> str:
    """Return a URL without the password that it may contain."""
    return printable(f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}{url.path}")


def printable(text: object) -> str:
    """Return foreign text as one short line that is safe to print in a terminal."""
    return "".join(c for c in " ".join(str(text).split()) if c.isprintable())[:200]
