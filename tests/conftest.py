"""What several tests need: the real data beside the checkout, where it is there."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from agq.model import CrossEncoder, Embedder

ROOT = Path(__file__).resolve().parents[1]

# a finding of chance belongs to whoever looks for it at a desk, not to a build of something else
# and how long an example takes tells what else the machine does
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "desk")


# behind `&` a shell has its programs ignore interrupts, and what the tests start would inherit that
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: none is left for one worker at the end while the others are done."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real public data, beside the checkout. A newcomer's clone has none: skipped there, never in CI."""
    folder = ROOT.parent / "shared" / "data"
    if folder.is_dir():
        return folder
    if os.environ.get("CI") == "true":
        pytest.fail(f"no test data at {folder}")
    pytest.skip("no ../shared/data beside this checkout")


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """The default encoder itself, made once."""
    from agq.embedders import open_encoder, prepared

    return open_encoder(prepared(cache=tmp_path_factory.mktemp("encoders")))


@pytest.fixture(scope="session")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoder:
    """The cross-encoder itself, made once."""
    from agq.embedders.cross import OnnxCrossEncoder

    return OnnxCrossEncoder(tmp_path_factory.mktemp("cross-encoder"))
