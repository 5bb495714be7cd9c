"""Where a Zotero library lies, and which part of it is meant.

``zotero`` is the library of the Zotero on this machine, ``zotero:Physics/Strings`` a collection of it with
those below, ``zotero:group/Our group`` a group's library; ``zotero+notes`` and ``zotero+notes:Physics`` the
same with what the reader has noted on the items. By path: ``.../zotero.sqlite:Physics/Strings``. A folder of
that name is written ``./zotero``.
"""

from __future__ import annotations

import configparser
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from agq.errors import UsageError
from agq.registry import nearest

DATABASE = "zotero.sqlite"
WORD = "zotero"
NOTES = "+notes"
GROUP = "group/"

_ASKED = re.compile(rf"^{WORD}(?P<notes>{re.escape(NOTES)})?(?::(?P<part>.*))?$")
_SPEC = re.compile(rf"^(?P<path>.*{re.escape(DATABASE)})(?P<notes>{re.escape(NOTES)})?(?::(?P<part>.*))?$")
_PREFERENCE = re.compile(r'^user_pref\("extensions\.zotero\.(dataDir|useDataDir)", (.+)\);', re.MULTILINE)
_HOMES = (".", ".var/app/org.zotero.Zotero", "snap/zotero-snap/common")
"""Where a home may be for Zotero: one's own, that of Flatpak, that of Snap."""
_PROFILES = (".zotero/zotero", "Library/Application Support/Zotero")


@dataclass(frozen=True, slots=True)
class ZoteroPart:
    """A database, and the part of it that is meant: a collection's path, ``group/NAME``, or all; whether with
    the reader's notes on the items."""

    path: Path
    part: str = ""
    notes: bool = False

    @property
    def source(self) -> str:
        """As a later run can find it."""
        whole = f"{self.path.expanduser().resolve()}{NOTES if self.notes else ''}"
        return f"{whole}:{self.part}" if self.part else whole

    def group(self, groups: Iterable[str]) -> tuple[str, str]:
        """The group that is meant, empty for none, and the path of a collection in it.

        Raises
        ------
        UsageError
            There is no such group.
        """
        if not self.part.startswith(GROUP):
            return "", self.part
        rest = self.part.removeprefix(GROUP)
        listed = list(groups)
        fitting = [name for name in listed if f"{rest}/".startswith(f"{name}/")]
        if not fitting:
            raise _no_part("group", rest, listed, GROUP)
        name = max(fitting, key=len)
        return name, rest[len(name) :].strip("/")


Key = TypeVar("Key")


def below(path: str, paths: Mapping[Key, str]) -> list[Key]:
    """The collections at a path and below it.

    Raises
    ------
    UsageError
        There is none.
    """
    found = [key for key, held in paths.items() if f"{held}/".startswith(f"{path}/")]
    if not found:
        raise _no_part("collection", path, list(paths.values()))
    return found


def _no_part(kind: str, name: str, names: Sequence[str], before: str = "") -> UsageError:
    near = nearest(name, names)
    listed = ", ".join(sorted(names)[:10]) or "none"
    meant = f" (did you mean {before}{near}?)" if near else ""
    said = f"there is no {kind} {name!r} in this Zotero library{meant}"
    return UsageError(said, hint=f"there are: {listed}")


def unlocked(path: Path) -> str:
    """The address of a database that is opened whoever has locked it."""
    return f"file:{quote(str(path))}?mode=ro&immutable=1"


def better_bibtex_keys(path: Path) -> Iterator[tuple[tuple[int, str], str]]:
    """Library and item -> Better BibTeX's citation key, from its database beside Zotero's."""
    beside = path.with_name("better-bibtex.sqlite")
    if not beside.is_file():
        return
    try:
        with closing(sqlite3.connect(unlocked(beside), uri=True)) as database:
            for row in database.execute("SELECT libraryID, itemKey, citationKey FROM citationkey"):
                yield (row[0], row[1]), row[2]
    except sqlite3.Error:
        return  # of another version of the plugin, whose keys stand in Extra or in the field of their own


def named(source: str) -> ZoteroPart | None:
    """The database that a source names by its path; None for any other source."""
    found = _SPEC.match(source)
    return _part(Path(found["path"]), found) if found else None


def asked(source: str) -> ZoteroPart | None:
    """What ``zotero``, ``zotero+notes`` or ``zotero:PART`` asks for, of a database that is still to be
    located; None for any other source."""
    found = _ASKED.match(source)
    return _part(Path(DATABASE), found) if found else None


def _part(path: Path, found: re.Match[str]) -> ZoteroPart:
    return ZoteroPart(path, (found["part"] or "").strip("/"), bool(found["notes"]))


def is_zotero(source: str) -> bool:
    """Whether a source is a Zotero library or a part of one."""
    return asked(source) is not None or named(source) is not None


def located(home: Path, folder: str = "") -> Path:
    """The database of this user.

    Parameters
    ----------
    folder:
        Zotero's data directory, where it is known.

    Raises
    ------
    UsageError
        There is none.
    """
    places = [Path(folder).expanduser()] if folder else list(_data_directories(home))
    for place in places:
        if (place / DATABASE).is_file():
            return place / DATABASE
    looked = ", ".join(dict.fromkeys(str(place) for place in places))
    raise UsageError(
        f"there is no Zotero library in {looked}",
        hint="agq index zotero --zotero DIR; Zotero tells DIR in its settings: Advanced, Files and Folders",
    )


def _data_directories(home: Path) -> Iterator[Path]:
    """Where profiles say that the data is, then where it is by default."""
    for root in (home / each for each in _HOMES):
        for profiles in (root / each for each in _PROFILES):
            yield from _by_profiles(profiles)
        yield root / "Zotero"


def _by_profiles(folder: Path) -> Iterator[Path]:
    known = configparser.ConfigParser()
    try:
        known.read(folder / "profiles.ini", encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return
    sections = [known[name] for name in known.sections() if "Path" in known[name]]
    for section in sorted(sections, key=lambda one: one.get("Default") != "1"):
        profile = folder / section["Path"] if section.get("IsRelative", "1") == "1" else Path(section["Path"])
        yield from _by_preferences(profile)


def _by_preferences(profile: Path) -> Iterator[Path]:
    try:
        text = (profile / "prefs.js").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    said = dict(_PREFERENCE.findall(text))
    if said.get("useDataDir") == "true" and "dataDir" in said:
        yield Path(said["dataDir"].strip('"').replace("\\\\", "\\"))
