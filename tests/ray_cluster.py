"""A Ray cluster of several processes on this machine, for as long as its standard input is open.

Run as a program: it prints the cluster's address once it is up, and loses a node for each line that it reads.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processes import PATIENCE

STORE = 200 * 1024 * 1024
"""Bytes of a node's object store."""


@dataclass(frozen=True)
class Cluster:
    """A cluster that runs, and the process that all of it belongs to."""

    address: str
    process: subprocess.Popen[str]

    def busy(self) -> dict[int, str]:
        """The workers that have something to do, and what. A node's agents are none: it ends with them."""
        workers = {pid: name for pid, name in _below(self.process.pid).items() if name.startswith("ray::")}
        return {
            pid: name for pid, name in workers.items() if name != "ray::IDLE" and not name.endswith("Agent")
        }

    def lose_node(self) -> None:
        """End the node that came last, all at once."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("lose\n")
        self.process.stdin.flush()
        self.process.stdout.readline()


@contextmanager
def cluster(
    nodes: int = 2, store: int = STORE, environ: Mapping[str, str] | None = None
) -> Iterator[Cluster]:
    """A cluster of nodes with a core each; it ends with the block."""
    command = [sys.executable, __file__, str(nodes), str(store)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environ or {})},
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            address = process.stdout.readline().strip()
            assert address, "the cluster has not started"
            yield Cluster(address, process)
        finally:
            process.stdin.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _below(root: int) -> dict[int, str]:
    """The processes that one has started, and those that they have: pid and name."""
    found: dict[int, tuple[int, str]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, IndexError, ValueError):
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                name = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")[0]
                found[int(folder.name)] = int(parent), name
    wanted, grown = {root}, True
    while grown:
        more = {pid for pid, (parent, _) in found.items() if parent in wanted} - wanted
        wanted, grown = wanted | more, bool(more)
    return {pid: name for pid, (_, name) in found.items() if pid in wanted}


def main(nodes: int, store: int) -> None:
    """Start the nodes, say where they are, and wait."""
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
    os.environ |= {"RAY_raylet_start_wait_time_s": str(PATIENCE)}
    from ray.cluster_utils import Cluster as Nodes

    node: dict[str, Any] = {"num_cpus": 1, "object_store_memory": store}
    started: Any = Nodes(initialize_head=True, head_node_args={"include_dashboard": False, **node})
    added = [started.add_node(**node) for _ in range(nodes - 1)]
    sys.stdout.write(f"{started.address}\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        started.remove_node(added.pop(), allow_graceful=False)
        sys.stdout.write("lost\n")
        sys.stdout.flush()
    started.shutdown()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
