"""What the errors of Claude's SDK mean: for one paper, for the service, or for the whole run.

https://platform.claude.com/docs/en/api/errors
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hugo_llmpapers.errors import Failure, ServicesFailed, SetupError, Trouble
from hugo_llmpapers.summaries.account_errors import InBatch, is_blocked, is_disabled, is_filtered, lacks_credit
from hugo_llmpapers.summaries.client import (
    ADDRESS_REMEDY,
    KEY_REMEDY,
    USUAL_WAIT_S,
    address,
    asked_wait_s,
    author_name,
    one_line,
)
from hugo_llmpapers.summaries.model_names import is_claude

if TYPE_CHECKING:
    from anthropic import APIStatusError

UNREADABLE = (ValueError, AttributeError, RecursionError)
"""What the SDK raises besides errors of its own for an answer that is no JSON, no object, or nested too deep."""
MODEL_REMEDY = "Set `model` or --model to one of https://platform.claude.com/docs/models."
NETWORK_REMEDY = "Check the proxy, the VPN and the country: https://www.anthropic.com/supported-countries."
_CREDIT_REMEDY = "Add credit or raise the limit in the Claude Console, https://platform.claude.com/."
_ACCOUNT_REMEDY = "Look at the organization in the Claude Console, or set ANTHROPIC_API_KEY to a key of another one."
_SERVER_REMEDY = "Look at your account with the server of ANTHROPIC_BASE_URL."
_PAGE = re.compile(r"^\s*(?:<!doctype html|<html|<head|<\?xml|<!--)", re.IGNORECASE)
_PAGE_TITLE = re.compile(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)


class NoSummary(Exception):
    """This paper could not be summarised. `str()` is one line."""

    def __init__(self, trouble: Trouble, detail: str, *, again_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.trouble = trouble
        self.again_after_s = again_after_s
        """When asking once more may help; None where it will not."""

    @property
    def is_outage(self) -> bool:
        """Whether it is about the service, and not about this paper and this model."""
        return self.trouble in ("overloaded", "server-error", "timeout", "unreachable", "broken")


class Unsettled(NoSummary):
    """A paper whose answers failed their checks, and about which the fallback model was not asked."""

    def __init__(self, failure: NoSummary) -> None:
        super().__init__(failure.trouble, str(failure))


def failure(error: Exception, model: str) -> Exception:
    """What an error of the SDK means for the run; an error that is none of these is a bug, and stays what it is."""
    import anthropic

    who = model_name(model)
    if isinstance(error, anthropic.APIStatusError) and (ends := _of_the_run(error, model)) is not None:
        return ends
    match error:
        case anthropic.NotFoundError() if error.type == "not_found_error" or model in str(error.body):
            remedy = MODEL_REMEDY
            if not is_claude(model):
                remedy = "Set `model` or --model to one that the server of ANTHROPIC_BASE_URL has."
            return SetupError(f"{who} has no model `{model}`.", remedy, trouble="model")
        case anthropic.NotFoundError():
            where = address(error.request.url)
            return SetupError(f"There is no Messages API at {where} (HTTP 404).", ADDRESS_REMEDY, trouble="endpoint")
        case anthropic.BadRequestError() if is_filtered(error):
            return NoSummary("refused", f"{who} refuses this paper: {_said(error)}")
        case anthropic.BadRequestError() | anthropic.UnprocessableEntityError() | anthropic.ContentTooLargeError():
            return NoSummary("malformed", f"{who} cannot take the request: {_said(error)}")
        case anthropic.APIConnectionError():
            return _unanswered(error, who)
        case anthropic.APIStatusError():
            trouble: Trouble = "overloaded" if error.status_code in (429, 503, 529) else "server-error"
            said = f"{who} answers HTTP {error.status_code}" + (f": {_said(error)}" if error.api_message else "")
            may_pass = error.status_code in (408, 409, 429) or error.status_code >= 500
            refused = error.response.headers.get("x-should-retry") == "false"
            again_after_s = asked_wait_s(error.response) if may_pass and not refused else None
            return NoSummary(trouble, said, again_after_s=again_after_s)
        case anthropic.CredentialsError():
            return SetupError(f"The Claude SDK's credentials do not work: {_why(error)}", KEY_REMEDY, trouble="key")
        case TypeError() if "authentication" in str(error):
            return SetupError("There is no Claude API key.", KEY_REMEDY, trouble="key")
        case TypeError():
            return error
        case _:
            return NoSummary("broken", f"{who}'s answer cannot be read ({_why(error)})")


def account_failure(error: APIStatusError | InBatch, said: str, model: str) -> SetupError | None:
    """What the refusal of an account means, in the service's words; None for every other error."""
    who, is_claudes = model_name(model), is_claude(model) or not model
    if lacks_credit(error):
        by_balance = error.status_code == 402 or "balance" in said.lower()
        means = "wants to be paid first" if by_balance else "has reached a limit of the account"
        return SetupError(f"{who} {means}: {said}", _CREDIT_REMEDY if is_claudes else _SERVER_REMEDY, trouble="credit")
    if is_disabled(error):
        remedy = _ACCOUNT_REMEDY if is_claudes else _SERVER_REMEDY
        return SetupError(f"{who} does not serve this account: {said}", remedy, trouble="key")
    return None


def _of_the_run(error: APIStatusError, model: str) -> Failure | None:
    """What ends the run, as every paper would meet it: account, key or network are refused. None for all else."""
    who, said = model_name(model), _said(error)
    if (refused := account_failure(error, said, model)) is not None:
        return refused
    if is_blocked(error):
        said = f"{who} does not answer this network (HTTP {error.status_code}): {said}"
        return ServicesFailed(said, NETWORK_REMEDY, trouble="unreachable")
    if error.status_code in (401, 403):
        return SetupError(f"{who} refuses the API key: {said}", KEY_REMEDY, trouble="key")
    return None


def _unanswered(error: Exception, who: str) -> NoSummary:
    import anthropic
    import httpx2

    cause = error.__cause__ or error
    if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.ProxyError):
        return NoSummary("unreachable", f"{who} cannot be reached ({_why(cause)})", again_after_s=USUAL_WAIT_S)
    if isinstance(error, anthropic.APITimeoutError):
        return NoSummary("timeout", f"{who} does not answer in time")
    if isinstance(cause, httpx2.LocalProtocolError | UnicodeError):
        return NoSummary("unreachable", f"{who} cannot be asked ({_why(cause)})")
    if isinstance(cause, httpx2.UnsupportedProtocol):
        return NoSummary("broken", f"{who} {_why(cause)}")
    if isinstance(cause, httpx2.DecodingError):
        return NoSummary("broken", f"{who}'s answer cannot be read ({_why(cause)})")
    return NoSummary("broken", f"{who}'s answer breaks off ({_why(cause)})", again_after_s=USUAL_WAIT_S)


def model_name(model: str) -> str:
    """Who answers, for messages."""
    return who if (who := author_name(model)) == "Claude" else f"The server of {who}"


def _said(error: APIStatusError) -> str:
    """In the service's words, without the key, which some servers repeat."""
    said = str(error.api_message or error.body or f"HTTP {error.status_code}")
    if _PAGE.match(said):
        title = _PAGE_TITLE.search(said)
        said = f"a web page, “{title[1].strip()}”" if title else "a web page"
    for name in ("x-api-key", "authorization"):
        key = error.request.headers.get(name, "").removeprefix("Bearer ")
        said = said.replace(key, "…") if key else said
    return one_line(said)


def _why(error: BaseException) -> str:
    """One line about a failure. What may not be sent holds a key, so its text is not for printing."""
    name = type(error).__name__
    return name if name == "LocalProtocolError" or isinstance(error, UnicodeError) else one_line(error) or name
