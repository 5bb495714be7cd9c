"""Hold the pinned constraints against an offline copy of the Python advisories, and say how old it is.

Where no advisory service can be reached: `pip download --no-deps safety-db`, unpack the wheel, and give its
`insecure_full.json`. The free copy ends in 2021; `pip-audit` asks a service of today.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]


def pinned(file: Path) -> dict[str, str]:
    """Package -> version, of a file of exact pins."""
    found: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if said := line.partition("#")[0].strip():
            wanted = Requirement(said)
            (pin,) = wanted.specifier
            found[canonicalize_name(wanted.name)] = pin.version
    return found


def findings(pins: Mapping[str, str], advisories: Mapping[str, Any]) -> list[str]:
    """The advisories that hold for a pinned version."""
    by_name: dict[str, Any] = {
        canonicalize_name(name): said for name, said in advisories.items() if not name.startswith("$")
    }
    return [
        f"{name} {version}: {one.get('cve') or one['id']} ({', '.join(one['specs'])})"
        for name, version in pins.items()
        for one in by_name.get(name, ())
        if any(SpecifierSet(spec).contains(version, prereleases=True) for spec in one["specs"])
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print how many packages are known there, what was found, and the date."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("advisories", type=Path, help="insecure_full.json")
    given = parser.parse_args(arguments)
    advisories = json.loads(given.advisories.read_text(encoding="utf-8"))
    pins = pinned(ROOT / "constraints.txt")
    known = {canonicalize_name(name) for name in advisories}
    when = datetime.fromtimestamp(advisories["$meta"]["timestamp"], UTC).date()
    found = findings(pins, advisories)
    print(f"{len(advisories) - 1} packages with advisories, as of {when}")
    print(
        f"{len(pins)} pinned packages, {len(known & pins.keys())} of them known there, {len(found)} findings"
    )
    print("\n".join(found))


if __name__ == "__main__":
    main()
