"""Which server is meant, what it is told of, and what is said when it fails."""

from __future__ import annotations

import pytest

from agq.answerers import faults
from agq.answerers.endpoint import Endpoint, endpoint
from agq.errors import AnswererFailed, LimitReached


def test_a_known_server_is_named_before_the_slash() -> None:
    assert endpoint("ollama/qwen3:70b") == Endpoint(
        "qwen3:70b", "http://localhost:11434/v1", "", 4_096, "full", "ollama serve", False, "max_tokens"
    )
    assert endpoint("anthropic/claude") == Endpoint(
        "claude", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY", 200_000, "full", "", True, "max_tokens"
    )
    assert endpoint("openrouter/meta/llama").model == "meta/llama"
    assert endpoint("ollama/qwen3").prompt == "short"
    assert endpoint("anthropic/claude", "", "MY_KEY").key_variable == "MY_KEY"


def test_a_model_alone_is_one_of_openai() -> None:
    at = endpoint("gpt-9")
    assert (at.model, at.base_url, at.key_variable, at.needs_key) == (
        "gpt-9", "https://api.openai.com/v1", "OPENAI_API_KEY", True,
    )  # fmt: skip
    assert (at.context_tokens, at.limit) == (128_000, "max_completion_tokens")
    assert endpoint("gpt-9", "https://api.openai.com/v1/") == at
    assert endpoint("meta-llama/Llama-3.1-8B").model == "meta-llama/Llama-3.1-8B"
    assert endpoint("ollama").base_url == "https://api.openai.com/v1"


def test_an_address_wins_and_a_server_of_ones_own_needs_no_key() -> None:
    at = endpoint("m", "http://here:1/v1")
    assert (at.model, at.base_url, at.key_variable, at.context_tokens) == ("m", "http://here:1/v1", "", 8_192)
    assert (at.needs_key, at.prompt, at.limit) == (False, "full", "max_tokens")
    known = endpoint("m", "http://localhost:11434/v1/")
    assert (known.context_tokens, known.start, known.prompt) == (4_096, "ollama serve", "short")
    moved = endpoint("ollama/m", "http://there:1/v1")
    assert (moved.model, moved.base_url, moved.needs_key) == ("m", "http://there:1/v1", False)
    vllm = endpoint("openai/gpt-oss-20b", "http://here:1/v1")
    assert (vllm.model, vllm.needs_key, vllm.key_variable) == ("openai/gpt-oss-20b", False, "")
    same = endpoint("anthropic/claude", "https://api.anthropic.com/v1/")
    assert (same.model, same.needs_key) == ("claude", False)


def test_a_file_is_read_8192_tokens_at_a_time() -> None:
    assert endpoint("/m/Big-70B.GGUF") == Endpoint("Big-70B", "", "", 8_192, "full", file="/m/Big-70B.GGUF")


AT = Endpoint("tiny", "https://me:pw@host.example:8/v1/", "TINY_KEY", 100)


def said(error: AnswererFailed) -> tuple[str, str]:
    return error.message, error.hint


def test_each_fault_says_what_and_what_next() -> None:
    assert said(faults.no_key(AT)) == (
        "no key for host.example:8: TINY_KEY is not set",
        "export TINY_KEY=..., or answer without a model: agq ask --extract ...",
    )
    bare = Endpoint("tiny", "host", "", 100, start="tiny serve")
    assert "AGQ_API_KEY is not set" in faults.no_key(bare).message
    assert said(faults.too_long(AT, "no")) == (
        "the sources do not fit the context of tiny: no",
        "ask with fewer papers (-k 4), or say how much it reads: AGQ_CONTEXT_TOKENS, context_tokens",
    )
    assert said(faults.timed_out(AT, 2.5, begun=True)) == (
        "host.example:8 stopped in the middle of its answer: nothing came for 2.5 s",
        "wait longer (AGQ_TIMEOUT, timeout in agq.yaml), ask a smaller model, or none: --extract",
    )
    assert "did not begin to answer" in faults.timed_out(AT, 1, begun=False).message
    assert said(faults.cut(AT, "x")) == ("the answer of host.example:8 was cut off: x", "ask again")
    assert said(faults.said_nothing(AT, "x")) == (
        "tiny of host.example:8 gave no answer: x",
        "ask a larger model, or without one: --extract",
    )


def test_a_limit_that_was_reached_says_how_to_allow_more() -> None:
    error = faults.limit_reached(1500, reasoned=False)
    assert isinstance(error, LimitReached)
    assert said(error) == (
        "it reached the limit of 1,500 tokens",
        "allow more: --max-tokens 3000, AGQ_MAX_TOKENS or max_tokens in agq.yaml",
    )
    assert faults.limit_reached(5, reasoned=True).message == "its reasoning used up the limit of 5 tokens"


def test_another_protocol_may_lie_one_folder_down() -> None:
    wrong = faults.not_the_protocol(AT, "x")
    assert said(wrong) == ("host.example:8 does not speak the OpenAI protocol: x", "check --base-url")
    root = Endpoint("tiny", "http://host/", "", 100)
    assert faults.not_the_protocol(root, "x").hint == "try --base-url http://host/v1"


@pytest.mark.parametrize(
    "reason",
    [
        "Name or service not known",
        "nodename nor servname",
        "getaddrinfo failed",
        "name resolution",
        "No address",
    ],
)
def test_a_host_that_is_not_there(reason: str) -> None:
    assert said(faults.unreachable(OSError(reason), AT)) == (
        f"no such host: host.example:8 ({reason})",
        "check --base-url and the network",
    )


def test_a_server_that_is_not_running_is_told_with_how_to_start_it() -> None:
    outer = RuntimeError("outer")
    outer.__cause__ = OSError("refused")
    assert said(faults.unreachable(outer, AT)) == (
        "cannot reach host.example:8: refused",
        "check --base-url and that the server runs",
    )
    local = Endpoint("tiny", "http://localhost:1/v1", "", 100, start="tiny serve")
    assert said(faults.unreachable(OSError(), local)) == (
        "cannot reach localhost:1: OSError",
        "start it (tiny serve), or check --base-url",
    )
    assert faults.host(Endpoint("m", "host", "", 1)) == "host"
