"""The index for an assistant: by the official client, by a client of lines of JSON, by one that means ill."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from jsonschema import Draft202012Validator
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.shared.exceptions import MCPError

from agq.mcp.tools import TOOLS
from e2e.shell import QUESTION, Shell
from processes import PATIENCE, until

pytestmark = pytest.mark.slow

Session = Callable[[Client], Coroutine[Any, Any, None]]


@pytest.fixture
def talk(shell: Shell) -> Callable[[Session], None]:
    """Runs a session of the official client with an ``agq mcp`` of its own."""
    command, *arguments = shell.command("mcp")
    server = StdioServerParameters(command=command, args=arguments, cwd=shell.folder, env=dict(shell.environ))

    def talk(session: Session) -> None:
        async def run() -> None:
            async with Client(server) as client:
                await session(client)

        anyio.run(run)

    return talk


def told(result: Any) -> dict[str, Any]:
    """What a tool told, the same in both of its forms."""
    assert not result.is_error, result.content
    held: dict[str, Any] = result.structured_content
    assert json.loads(result.content[0].text) == held
    return held


def by_command(shell: Shell, *arguments: str) -> dict[str, Any]:
    """What the command of that name writes as JSON."""
    done = shell.agq(*arguments)
    assert done.returncode == 0, done.stderr
    held: dict[str, Any] = json.loads(done.stdout)
    return held


def without_times(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "seconds"}


def test_a_session_tells_what_the_commands_tell(talk: Callable[[Session], None], shell: Shell) -> None:
    async def session(client: Client) -> None:
        assert client.instructions
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"search", "ask", "show", "similar", "list", "cite", "check"}
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
        asked = {"question": QUESTION, "top_k": 5}
        answer = told(await client.call_tool("ask", asked))
        command = by_command(shell, "ask", QUESTION, "-k", "5", "--format", "json", "--no-history")
        assert without_times(answer) == without_times(command)
        found = told(await client.call_tool("search", {"query": QUESTION, "top_k": 3, "since": "2025"}))
        assert found == by_command(
            shell, "search", QUESTION, "-k", "3", "--since", "2025", "--format", "json"
        )
        ids = [source["id"] for source in found["sources"]]
        assert told(await client.call_tool("show", {"ids": ids})) == by_command(
            shell, "show", *ids, "--format", "json"
        )
        like = told(await client.call_tool("similar", {"paper": ids[0], "top_k": 2}))
        assert ids[0] not in [source["id"] for source in like["sources"]]
        cited = told(await client.call_tool("cite", {"ids": ids[:2], "format": "ris"}))
        assert cited["text"].encode() == shell.agq("cite", *ids[:2], "--format", "ris").stdout
        note = f"Networks informed by physics fail to train [{ids[0]}]. So much is known [2401.99999]."
        checked = told(await client.call_tool("check", {"text": note}))
        assert [one["id"] for one in checked["citations"]] == [ids[0], "2401.99999"]
        assert checked["citations"][1]["verdict"] == "unknown_id"

    talk(session)


def test_a_list_is_newest_first_within_its_filters(talk: Callable[[Session], None]) -> None:
    async def session(client: Client) -> None:
        papers = told(await client.call_tool("list", {"top_k": 100, "until": "2025"}))["papers"]
        dates = [paper["date"] for paper in papers]
        assert len(papers) > 3
        assert dates == sorted(dates, reverse=True)
        assert all(date[:4] <= "2025" for date in dates)

    talk(session)


def test_papers_are_named_by_any_handle_in_filters_too(talk: Callable[[Session], None], shell: Shell) -> None:
    listed = by_command(shell, "list", "-k", "100", "--format", "json")["sources"]
    first, second = [one["id"] for one in listed if "arxiv.org/abs/" in one["url"]][:2]
    handle = f"https://arxiv.org/pdf/{second}v3"

    async def session(client: Client) -> None:
        papers = told(await client.call_tool("list", {"id": [handle]}))["papers"]
        assert [paper["id"] for paper in papers] == [second]
        like = told(await client.call_tool("similar", {"paper": f"arXiv:{first}", "id": [handle]}))
        assert [source["id"] for source in like["sources"]] == [second]
        asked = {"question": "What is it about?", "id": [handle]}
        assert [one["id"] for one in told(await client.call_tool("ask", asked))["sources"]] == [second]
        unknown = await client.call_tool("similar", {"paper": first, "id": ["2401.99999"]})
        assert unknown.is_error

    talk(session)


def test_what_nothing_bears_on_gets_an_empty_answer(talk: Callable[[Session], None]) -> None:
    async def session(client: Client) -> None:
        answer = told(await client.call_tool("ask", {"question": "How long should a sourdough loaf rise?"}))
        assert answer["answer"] == ""
        assert answer["findings"] == []

    talk(session)


def test_papers_are_resources_under_their_ids(talk: Callable[[Session], None], shell: Shell) -> None:
    async def session(client: Client) -> None:
        listed = (await client.list_resources()).resources
        read = await client.read_resource(listed[0].uri)
        id_ = listed[0].name
        assert read.contents[0].text == shell.agq("show", id_, "--format", "markdown").stdout.decode()  # type: ignore[union-attr]
        assert [one.uri_template for one in (await client.list_resource_templates()).resource_templates] == [
            "agq://paper/{id}"
        ]

    talk(session)


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("search", {}, "'query' is a required property"),
    ("search", {"query": ""}, "query"),
    ("search", {"query": "x" * 2_000_000}, "maxLength"),
    ("search", {"query": "graphs", "top_k": 10**9}, "maximum"),
    ("search", {"query": "graphs", "since": "last year"}, "since"),
    ("search", {"query": "graphs", "until": "2024-02-30"}, "2024-02-30"),
    ("ask", {"question": QUESTION, "model": "openai/gpt"}, "model"),
    ("ask", {"question": {"$ref": "file:///etc/passwd"}}, "question"),
    ("show", {"ids": ["../../../../etc/passwd"]}, "no paper ../../../../etc/passwd"),
    ("show", {"ids": ["x' OR '1'='1"]}, "no paper"),
    ("show", {"ids": ["\x00\x1b[2J"]}, "no paper"),
    ("show", {"ids": ["a"] * 1000}, "ids"),
    ("cite", {"ids": ["/etc/passwd"], "format": "../../bibtex"}, "format"),
]


def test_wrong_arguments_are_refused_with_the_reason(talk: Callable[[Session], None]) -> None:
    async def session(client: Client) -> None:
        for tool, arguments, reason in REFUSED:
            result = await client.call_tool(tool, arguments)
            text = result.content[0].text  # type: ignore[union-attr]
            assert result.is_error, (tool, text)
            assert reason in text
            assert len(text) < 2000
        assert not (await client.call_tool("search", {"query": "networks", "top_k": 1})).is_error

    talk(session)


def test_what_is_not_there_is_a_protocol_error(talk: Callable[[Session], None]) -> None:
    async def session(client: Client) -> None:
        with pytest.raises(MCPError, match="unknown tool 'rm'"):
            await client.call_tool("rm", {"path": "/"})
        for uri in ("file:///etc/passwd", "agq://paper/..%2F..%2Fetc%2Fpasswd", "agq://paper/"):
            with pytest.raises(MCPError, match=r"no resource|no paper"):
                await client.read_resource(uri)
        assert not (await client.call_tool("list", {"top_k": 1})).is_error

    talk(session)


def test_nothing_in_the_library_or_the_home_is_written(
    talk: Callable[[Session], None], shell: Shell, indexed: Path
) -> None:
    def files() -> dict[str, int]:
        found = (
            p for folder in (indexed, shell.home, shell.folder) for p in folder.rglob("*") if p.is_file()
        )
        return {str(path): path.stat().st_mtime_ns for path in found}

    before = files()

    async def session(client: Client) -> None:
        for name, arguments in (
            ("ask", {"question": QUESTION}),
            ("check", {"text": "So [a]."}),
            ("list", {}),
        ):
            await client.call_tool(name, arguments)

    talk(session)
    assert files() == before


def test_a_new_state_of_the_index_is_seen_without_a_restart(fresh: Shell) -> None:
    library = fresh.folder / "library.jsonl"
    library.write_text('{"id": "one", "title": "Strain in graphene"}\n')
    assert fresh.agq("index", "library.jsonl", "--index", "ix").returncode == 0
    with lines(fresh, "--index", "ix") as ask:
        assert names(ask("tools/call", {"name": "list", "arguments": {}})) == {"one"}
        with library.open("a") as file:
            file.write('{"id": "two", "title": "Phonons in graphene"}\n')
        assert fresh.agq("index", "--index", "ix").returncode == 0
        assert names(ask("tools/call", {"name": "list", "arguments": {}})) == {"one", "two"}


def names(result: dict[str, Any]) -> set[str]:
    return {paper["id"] for paper in result["structuredContent"]["papers"]}


@contextmanager
def lines(shell: Shell, *arguments: str) -> Iterator[Callable[[str, dict[str, Any]], dict[str, Any]]]:
    """A client that knows of the protocol only that each message is a line of JSON."""
    process = subprocess.Popen(
        shell.command("mcp", *arguments),
        cwd=shell.folder,
        env=shell.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    stdin, stdout = process.stdin, process.stdout
    sent = iter(range(1, 1000))

    def write(message: object) -> None:
        stdin.write(json.dumps(message).encode() + b"\n")
        stdin.flush()

    def ask(method: str, params: dict[str, Any]) -> dict[str, Any]:
        number = next(sent)
        write({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        answer = json.loads(stdout.readline())
        while answer.get("id") != number:
            answer = json.loads(stdout.readline())
        return dict(answer.get("result") or {"error": answer["error"]})

    client = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    }
    try:
        assert ask("initialize", client)["serverInfo"]["name"] == "agq"
        write({"jsonrpc": "2.0", "method": "notifications/initialized"})
        yield ask
    finally:
        stdin.close()
        assert process.wait(timeout=PATIENCE) == 0
        stdout.close()
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()
        process.stderr.close()


def test_a_second_client_gets_results_that_meet_their_schemas(shell: Shell) -> None:
    with lines(shell) as ask:
        listed = {tool["name"]: tool for tool in ask("tools/list", {})["tools"]}
        one = ask("tools/call", {"name": "list", "arguments": {"top_k": 1}})["structuredContent"]
        id_ = one["papers"][0]["id"]
        calls: dict[str, dict[str, Any]] = {
            "search": {"query": QUESTION},
            "ask": {"question": QUESTION},
            "show": {"ids": [id_]},
            "similar": {"paper": id_},
            "list": {"author": ["Smith"], "category": ["cs"]},
            "cite": {"ids": [id_]},
            "check": {"text": f"Networks fail [{id_}]."},
        }
        assert set(calls) == set(listed) == set(TOOLS)
        for name, arguments in calls.items():
            Draft202012Validator.check_schema(listed[name]["inputSchema"])
            Draft202012Validator(listed[name]["inputSchema"]).validate(arguments)
            result = ask("tools/call", {"name": name, "arguments": arguments})
            Draft202012Validator(listed[name]["outputSchema"]).validate(result["structuredContent"])


def test_noise_and_unknown_methods_end_no_session(shell: Shell) -> None:
    with lines(shell) as ask:
        assert ask("tools/run", {})["error"]["code"] == -32601
        assert "error" in ask("tools/call", {"name": ["rm"], "arguments": "all"})
        assert "error" in ask("resources/list", {"cursor": "../../1"})
        assert len(ask("tools/list", {})["tools"]) == len(TOOLS)


def test_http_serves_this_machine_and_no_page_of_another(shell: Shell) -> None:
    import httpx2

    port = spare_port()
    with subprocess.Popen(
        shell.command("mcp", "--http", "--port", str(port)),
        cwd=shell.folder,
        env=shell.environ,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            address = f"http://127.0.0.1:{port}/mcp"
            assert until(lambda: listens(port) or process.poll() is not None)

            async def run() -> None:
                async with Client(address) as client:
                    found = told(await client.call_tool("search", {"query": QUESTION, "top_k": 2}))
                    assert len(found["sources"]) == 2

            anyio.run(run)
            call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
            accept = {"Accept": "application/json, text/event-stream"}
            for foreign in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
                refused = httpx2.post(address, json=call, headers=accept | foreign, timeout=PATIENCE)
                assert refused.status_code in {403, 421}
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def spare_port() -> int:
    """A port that nobody has, below those that are given to whoever asks for any."""
    return next(port for port in range(20_000 + os.getpid() % 10_000, 32_000) if not listens(port))


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_without_an_index_it_says_so_and_serves_nothing(fresh: Shell) -> None:
    done = fresh.agq("mcp")
    assert done.returncode == 6
    assert b"agq index" in done.stderr
