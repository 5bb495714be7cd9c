"""What can go wrong between agq and a model, as errors that name the cause and the next step."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agq.answerers.endpoint import Endpoint
from agq.errors import AnswererFailed, LimitReached

if TYPE_CHECKING:
    import openai

_TOO_LONG = re.compile(
    r"context[ _-]?(?:length|size|window)|maximum context|too many tokens|prompt is too long", re.I
)


def no_key(at: Endpoint) -> AnswererFailed:
    """The server wants a key, and there is none."""
    variable = at.key_variable or "AGQ_API_KEY"
    return AnswererFailed(
        f"no key for {host(at)}: {variable} is not set",
        hint=f"export {variable}=..., or answer without a model: agq ask --extract ...",
    )


def refused(error: openai.APIStatusError, at: Endpoint) -> AnswererFailed:
    """The server answered with an error."""
    status, said = error.status_code, told(error)
    if is_too_long(error):
        return too_long(at, said)
    if status >= 500:
        message, hint = "failed", "try again, or answer without a model: --extract"
    else:
        message, hint = {
            401: ("does not accept this key", f"check {at.key_variable or 'AGQ_API_KEY'}"),
            403: ("forbids this", f"see whether this key may use {at.model}"),
            404: (f"has no model {at.model!r}", f"list its models: curl {at.base_url.rstrip('/')}/models"),
            429: ("limits requests", _when(error)),
        }.get(status, ("refused the request", f"check the model {at.model!r}"))
    return AnswererFailed(f"{host(at)} {message} ({status}): {said}", hint=hint)


def sends_on(error: openai.APIStatusError, at: Endpoint) -> AnswererFailed:
    """The server redirects, which nobody follows: the question was meant for it alone."""
    to = error.response.headers.get("location", "another address")[:200]
    return AnswererFailed(
        f"{host(at)} redirects to {to}, and agq asks only the server it was given",
        hint="if you trust that address, name it with --base-url",
    )


def too_long(at: Endpoint, said: str) -> AnswererFailed:
    """The prompt does not fit the model."""
    return AnswererFailed(
        f"the sources do not fit the context of {at.model}: {said}",
        hint="ask with fewer papers (-k 4), or say how much it reads: AGQ_CONTEXT_TOKENS, context_tokens",
    )


def is_too_long(error: openai.APIError) -> bool:
    """Whether the server says that the prompt does not fit."""
    return bool(_TOO_LONG.search(f"{error.message} {getattr(error, 'body', '')}"))


def unreachable(error: Exception, at: Endpoint) -> AnswererFailed:
    """No connection: refused, unknown host, TLS."""
    reason = str(_root(error)) or type(error).__name__
    if re.search(r"name or service|nodename|getaddrinfo|name resolution|no address", reason, re.I):
        return AnswererFailed(f"no such host: {host(at)} ({reason})", hint="check --base-url and the network")
    start = (
        f"start it ({at.start}), or check --base-url"
        if at.start
        else "check --base-url and that the server runs"
    )
    return AnswererFailed(f"cannot reach {host(at)}: {reason}", hint=start)


def timed_out(at: Endpoint, seconds: float, *, begun: bool) -> AnswererFailed:
    """Nothing came for too long."""
    when = "stopped in the middle of its answer" if begun else "did not begin to answer"
    return AnswererFailed(
        f"{host(at)} {when}: nothing came for {seconds:g} s",
        hint="wait longer (AGQ_TIMEOUT, timeout in agq.yaml), ask a smaller model, or none: --extract",
    )


def cut(at: Endpoint, reason: str) -> AnswererFailed:
    """The stream ended before the answer did."""
    return AnswererFailed(f"the answer of {host(at)} was cut off: {reason}", hint="ask again")


def limit_reached(tokens: int, *, reasoned: bool) -> LimitReached:
    """The answer ended where its tokens were used up."""
    what = "its reasoning used up" if reasoned else "it reached"
    return LimitReached(
        f"{what} the limit of {tokens:,} tokens",
        hint=f"allow more: --max-tokens {tokens * 2}, AGQ_MAX_TOKENS or max_tokens in agq.yaml",
    )


def said_nothing(at: Endpoint, why: str) -> AnswererFailed:
    """The stream came to its end, and there is no sentence in it to show."""
    return AnswererFailed(
        f"{at.model} of {host(at)} gave no answer: {why}",
        hint="ask a larger model, or without one: --extract",
    )


def not_the_protocol(at: Endpoint, what: str) -> AnswererFailed:
    """Something else than the OpenAI protocol came back."""
    url = at.base_url.rstrip("/")
    better = f"try --base-url {url}/v1" if not url.endswith("/v1") else "check --base-url"
    return AnswererFailed(f"{host(at)} does not speak the OpenAI protocol: {what}", hint=better)


def host(at: Endpoint) -> str:
    """The server as a user knows it: no scheme, no path, no credentials."""
    return re.sub(r"^\w+://(?:[^@/]*@)?", "", at.base_url).split("/", 1)[0] or at.base_url


def told(error: openai.APIError) -> str:
    """What the server said, short and on one line; a web page is named as such."""
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, dict) else None
    text = " ".join(str(said or error.message).split())
    page = getattr(error, "response", None)
    if (
        "html" in (page.headers.get("content-type", "") if page is not None else "")
        or "<html" in text.lower()
    ):
        return "it sent a web page"
    text = re.sub(r"\b(?:sk|key|gsk|xai|or)-[\w*-]{6,}", "(key)", text)
    return text if len(text) <= 240 else text[:239] + "…"


def _when(error: openai.APIStatusError) -> str:
    wait = error.response.headers.get("retry-after", "")
    if "quota" in str(error.body).lower():
        return "the account's quota is used up: see its billing page"
    return f"try again in {wait} s" if wait else "try again in a minute"


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error
