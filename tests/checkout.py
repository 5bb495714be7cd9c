"""That what the tests start is what they import: agq of this checkout, whatever is installed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import agq

SOURCE = Path(agq.__file__).resolve().parents[1]
"""Where the package lies that the tests import."""


def own_code() -> Mapping[str, str]:
    """What has to stand in the environment of an agq that a test starts."""
    return {"PYTHONPATH": str(SOURCE)}
