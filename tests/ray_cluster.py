"""A Ray cluster of several processes on this machine, for as long as its standard input is open.

Run as a program: it prints the cluster's address once it is up, and what it is told, it does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

STORE = 200 * 1024 * 1024
"""Bytes of a node's object store."""
PATIENCE = "180"
"""Seconds that a node may take to start, on a machine that has much else to do."""


@contextmanager
def cluster(nodes: int = 2) -> Iterator[str]:
    """The address of a cluster of nodes with a core each; it ends with the block."""
    command = [sys.executable, __file__, str(nodes)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def main(nodes: int) -> None:
    """Start the nodes, say where they are, and wait."""
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
    os.environ |= {"RAY_raylet_start_wait_time_s": PATIENCE}
    from ray.cluster_utils import Cluster

    started: Any = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 1, "object_store_memory": STORE, "include_dashboard": False},
    )
    for _ in range(nodes - 1):
        started.add_node(num_cpus=1, object_store_memory=STORE)
    sys.stdout.write(f"{started.address}\n")
    sys.stdout.flush()
    sys.stdin.read()
    started.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]))
